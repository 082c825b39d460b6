using System.Text.Json;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>testssl.sh's CSV, flat JSON (<c>--jsonfile</c>) and pretty JSON. A raw instance is a row of the CSV.</summary>
internal sealed class TestSslReader(CheckCatalogue catalogue) : IReportReader
{
    private static readonly string[] Columns = ["id", "fqdn/ip", "port", "severity", "finding"];

    public string Format => "testssl";

    /// <summary>Each test writes its row whether good or bad: a row is a visit.</summary>
    public CoverageExtent Extent => CoverageExtent.Listed;

    public bool Recognises(ReportHead head) => IsCsv(head) || (head.Json.IsJson && IsJson(head.Json));

    public IEnumerable<ReportRecord> Read(ReportSource source)
    {
        yield return new ReportedScan(Format, string.Empty, Started: null, Ended: null);
        var head = source.Head();
        foreach (var record in head.Json.IsJson ? ReadJson(source) : ReadCsv(source))
        {
            yield return record;
        }
    }

    private static bool IsCsv(ReportHead head)
    {
        var first = head.Text.AsSpan().TrimStart();
        return first.StartsWith("\"id\",\"fqdn/ip\"", StringComparison.Ordinal)
            || first.StartsWith("id,fqdn/ip", StringComparison.Ordinal);
    }

    private static bool IsJson(JsonShape shape) =>
        shape.IsArray
            ? shape.Names.IsSupersetOf(["id", "severity", "finding"])
            : shape.Names.Contains("scanResult") || shape.Names.Contains("Invocation");

    private IEnumerable<ReportRecord> ReadCsv(ReportSource source)
    {
        using var rows = new CsvRows(source, Format);
        var header = rows.Read() ?? throw rows.Problem("the file is empty", "testssl.sh writes at least a header.");
        if (!header.Take(Columns.Length).SequenceEqual(Columns, StringComparer.Ordinal))
        {
            throw rows.Problem("the header is not testssl.sh's", $"It begins with {string.Join(',', Columns)}.");
        }

        while (rows.Read() is { } row)
        {
            if (row.Count != header.Count)
            {
                throw rows.Problem(
                    $"a row has {row.Count} fields, the header {header.Count}",
                    "The report is damaged or was cut off: let testssl.sh write it again."
                );
            }

            rows.RecordsRead++;
            var fields = new TestSslRow(row[0], row[1], row[2], row[3], row[4])
            {
                Cve = row.ElementAtOrDefault(5) ?? string.Empty,
                Cwe = row.ElementAtOrDefault(6) ?? string.Empty,
            };
            foreach (var record in fields.Records(catalogue))
            {
                yield return record;
            }
        }
    }

    private IEnumerable<ReportRecord> ReadJson(ReportSource source)
    {
        using var tokens = new JsonTokens(source, Format);
        tokens.Read();
        var target = new TestSslTarget();
        var depth = tokens.Depth;
        var isPretty = tokens.Type == JsonTokenType.StartObject;
        while (Next(tokens, depth))
        {
            if (tokens.Type == JsonTokenType.StartObject && (!isPretty || tokens.Depth >= TestSslTarget.RowDepth))
            {
                using var record = tokens.Record();
                tokens.RecordsRead++;
                foreach (var reported in target.Row(record.RootElement).Records(catalogue))
                {
                    yield return reported;
                }
            }
            else if (isPretty && tokens.Type == JsonTokenType.PropertyName && target.Take(tokens) is { } scan)
            {
                yield return scan;
            }
        }

        tokens.Read();
    }

    private static bool Next(JsonTokens tokens, int depth)
    {
        tokens.ReadValue();
        return !(tokens.Depth == depth && tokens.Type is JsonTokenType.EndObject or JsonTokenType.EndArray);
    }
}
