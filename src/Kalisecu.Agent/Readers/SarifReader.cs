using System.Text.Json;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// SARIF 2.1.0 of any tool. A raw instance is a <c>result</c>. The rules that give results their level and text may stand
/// behind them (object members have no order), so the file is read twice: tools first, then results.
/// </summary>
internal sealed class SarifReader(CheckCatalogue catalogue) : IReportReader
{
    public string Format => "sarif";

    /// <summary>An analyser reads all of what it was given; a failed invocation is a gap.</summary>
    public CoverageExtent Extent => CoverageExtent.WholeTarget;

    public bool Recognises(ReportHead head) =>
        head.Json is { IsJson: true, IsArray: false }
        && (
            head.Json.Names.Contains("runs")
            || (head.Json.Names.Contains("$schema") && head.Text.Contains("sarif", StringComparison.OrdinalIgnoreCase))
        );

    public IEnumerable<ReportRecord> Read(ReportSource source)
    {
        var runs = SarifRuns.Read(source, Format);
        foreach (var run in runs)
        {
            yield return new ReportedScan(run.Tool, run.Version, run.Started, run.Ended);
            if (run.Failed)
            {
                yield return new ReportedGap($"{run.ToolName} says that its run failed");
            }
        }

        using var tokens = new JsonTokens(source, Format);
        foreach (var number in RunsOf(tokens))
        {
            foreach (var name in tokens.Names())
            {
                tokens.ReadValue();
                if (name is not "results" || tokens.Type != JsonTokenType.StartArray)
                {
                    tokens.Skip();
                    continue;
                }

                foreach (var record in ReadResults(tokens, runs[number]))
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>Steps to each run of the file; the caller reads the run's names.</summary>
    internal static IEnumerable<int> RunsOf(JsonTokens tokens, Action<string>? version = null)
    {
        if (!tokens.Read() || tokens.Type != JsonTokenType.StartObject)
        {
            throw tokens.Problem("a SARIF log is an object", "The file is empty or of another format.");
        }

        var number = 0;
        foreach (var name in tokens.Names())
        {
            tokens.ReadValue();
            if (name is "version")
            {
                version?.Invoke(tokens.Value);
            }

            if (name is not "runs" || tokens.Type != JsonTokenType.StartArray)
            {
                tokens.Skip();
                continue;
            }

            var depth = tokens.Depth;
            while (tokens.NextItem(depth))
            {
                if (tokens.Type != JsonTokenType.StartObject)
                {
                    throw tokens.Problem("a run is an object", "The report is damaged.");
                }

                yield return number++;
            }
        }

        // Anything behind the log's end is a fault that only this reading finds.
        tokens.Read();
    }

    private IEnumerable<ReportRecord> ReadResults(JsonTokens tokens, SarifRun run)
    {
        var depth = tokens.Depth;
        while (tokens.NextItem(depth))
        {
            if (tokens.Type != JsonTokenType.StartObject)
            {
                throw tokens.Problem("a result is an object", "The report is damaged.");
            }

            using var record = tokens.Record();
            var result = new SarifResult(record.RootElement, run, catalogue);
            tokens.RecordsRead++;
            foreach (var reported in result.Records())
            {
                yield return reported;
            }
        }
    }
}
