using System.Text;
using System.Text.Json;
using Kalisecu.Reports;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.Tests.Reports;

public sealed class ReportContentTests
{
    private static readonly V1.ReportEntry[] Whole =
    [
        AReport.Header(),
        AReport.Finding("http.header.csp.missing"),
        AReport.Occurrence("http.header.csp.missing", "GET https://boutique.example.fr/?q"),
        AReport.Occurrence("http.header.csp.missing", "GET https://boutique.example.fr/é"),
        AReport.Finding("zap:1", V1.ReportSeverity.Info),
        AReport.Occurrence("zap:1", "src/a.py:10"),
        AReport.Observation("port.open"),
        AReport.Observation("tls.protocol"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(65_536)]
    public async Task What_was_frozen_is_read_back_however_its_bytes_are_cut(int size)
    {
        var bytes = await AReport.FreezeAsync(Whole);

        Assert.Equal(Whole, await ReadAsync(bytes, size));
    }

    [Fact]
    public async Task A_report_without_findings_and_observations_is_a_whole_document()
    {
        V1.ReportEntry[] empty = [AReport.Header()];

        Assert.Equal(empty, await ReadAsync(await AReport.FreezeAsync(empty), 100));
    }

    [Fact]
    public async Task Observations_alone_are_read_back()
    {
        V1.ReportEntry[] facts = [AReport.Header(), AReport.Observation("port.open")];

        Assert.Equal(facts, await ReadAsync(await AReport.FreezeAsync(facts), 100));
    }

    [Fact]
    public async Task Equal_content_has_equal_bytes()
    {
        Assert.Equal(await AReport.FreezeAsync(Whole), await AReport.FreezeAsync(Whole));
    }

    [Fact]
    public async Task The_document_is_the_one_of_the_schema()
    {
        var bytes = await AReport.FreezeAsync(Whole);

        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        var finding = root.GetProperty("findings")[0];
        Assert.Equal(["schema", "report", "findings", "observations", "counts"], Names(root));
        Assert.Equal(
            [
                "report_id",
                "title",
                "language",
                "summary",
                "moment_time",
                "create_time",
                "site_id",
                "site_display_name",
                "site_url",
                "tenant_display_name",
            ],
            Names(root.GetProperty("report"))
        );
        Assert.Equal(
            [
                "finding_id",
                "check",
                "severity",
                "title",
                "description",
                "recommendation",
                "cwe_numbers",
                "references",
                "tools",
                "open_time",
                "occurrence_count",
                "occurrences",
            ],
            Names(finding)
        );
        Assert.Equal("medium", finding.GetProperty("severity").GetString());
        Assert.Equal("2026-03-02T09:00:00.123456Z", finding.GetProperty("open_time").GetString());
        Assert.Equal(["occurrence_id", "tool", "place", "open_time"], Names(finding.GetProperty("occurrences")[0]));
        Assert.Equal(["kind", "place", "value", "title", "tool", "check"], Names(root.GetProperty("observations")[0]));
        Assert.Contains("En-tête absent", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.DoesNotContain("<du>", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_of_a_later_form_are_passed_over()
    {
        var text = Encoding.UTF8.GetString(await AReport.FreezeAsync(Whole));
        var later = text.Replace("\"check\":", "\"extra\":{\"a\":[{}]},\"check\":", StringComparison.Ordinal)
            .Replace("\"findings\":", "\"more\":[{\"b\":{}}],\"findings\":", StringComparison.Ordinal);

        Assert.Equal(Whole, await ReadAsync(Encoding.UTF8.GetBytes(later), 50));
    }

    [Fact]
    public async Task Another_form_and_half_a_document_are_no_report()
    {
        var bytes = await AReport.FreezeAsync(Whole);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(bytes[..^1], 100));
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            ReadAsync("{\"schema\":\"kalisecu-report/9\",\"report\":{}}"u8.ToArray(), 100)
        );
    }

    private static async Task<List<V1.ReportEntry>> ReadAsync(byte[] bytes, int size)
    {
        var entries = new List<V1.ReportEntry>();
        var reader = new ReportContentReader(
            (entry, _) =>
            {
                entries.Add(entry);
                return ValueTask.CompletedTask;
            }
        );
        foreach (var piece in bytes.Chunk(size))
        {
            await reader.ReadAsync(piece, TestContext.Current.CancellationToken);
        }

        reader.Complete();
        return entries;
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
