using System.Text.Json;
using Kalisecu.Reports;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.Tests.Reports;

public sealed class SarifWriterTests
{
    [Fact]
    public async Task A_report_is_a_run_with_a_rule_for_each_check_and_a_result_for_each_occurrence()
    {
        using var sarif = await WriteAsync(
            AReport.Header(),
            AReport.Finding("http.header.csp.missing", V1.ReportSeverity.High),
            AReport.Occurrence("http.header.csp.missing", "GET https://boutique.example.fr/?q"),
            AReport.Occurrence("http.header.csp.missing", "GET https://boutique.example.fr/"),
            AReport.Finding("zap:1", V1.ReportSeverity.Low, recommendation: ""),
            AReport.Occurrence("zap:1", "src/a.py:10"),
            AReport.Observation("tls.protocol")
        );

        var run = sarif.RootElement.GetProperty("runs")[0];
        var driver = run.GetProperty("tool").GetProperty("driver");
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal("2.1.0", Text(sarif.RootElement, "version"));
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", Text(sarif.RootElement, "$schema"));
        Assert.Equal("Kalisecu", Text(driver, "name"));
        Assert.Matches(@"^\d+\.\d+\.\d+$", Text(driver, "version"));
        Assert.True(Uri.IsWellFormedUriString(Text(driver, "informationUri"), UriKind.Absolute));
        Assert.Equal(["http.header.csp.missing", "zap:1"], rules.Select(r => Text(r, "id")));
        Assert.Equal(["8.0", "2.0"], rules.Select(r => Text(r.GetProperty("properties"), "security-severity")));
        Assert.Equal([0, 0, 1], results.Select(r => r.GetProperty("ruleIndex").GetInt32()));
        Assert.Equal(["error", "error", "note"], results.Select(r => Text(r, "level")));
    }

    [Fact]
    public async Task A_rule_says_what_it_is_what_to_do_and_where_to_read_more()
    {
        using var sarif = await WriteAsync(AReport.Header(), AReport.Finding("zap:1"));

        var rule = Run(sarif).GetProperty("tool").GetProperty("driver").GetProperty("rules")[0];
        Assert.Equal("En-tête absent", Text(rule.GetProperty("shortDescription"), "text"));
        Assert.Equal("En-tête absent", Text(rule.GetProperty("fullDescription"), "text"));
        Assert.Equal("Corriger.", Text(rule.GetProperty("help"), "text"));
        Assert.Equal("https://example.fr/plus", Text(rule, "helpUri"));
        Assert.Equal(
            ["security", "external/cwe/cwe-079", "external/cwe/cwe-693"],
            rule.GetProperty("properties").GetProperty("tags").EnumerateArray().Select(t => t.GetString())
        );
    }

    [Fact]
    public async Task A_result_keeps_its_place_its_method_and_a_fingerprint_that_lasts()
    {
        var occurrence = AReport.Occurrence("zap:1", "POST https://boutique.example.fr/a?q [q] #2");
        using var sarif = await WriteAsync(AReport.Header(), AReport.Finding("zap:1"), occurrence);

        var result = Run(sarif).GetProperty("results")[0];
        var location = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("zap:1", Text(result, "ruleId"));
        Assert.Equal("En-tête absent", Text(result.GetProperty("message"), "text"));
        Assert.Equal("https://boutique.example.fr/a?q", Text(location.GetProperty("artifactLocation"), "uri"));
        Assert.False(location.TryGetProperty("region", out _));
        Assert.Equal(
            occurrence.Occurrence.OccurrenceId,
            Text(result.GetProperty("partialFingerprints"), "kalisecuOccurrence/v1")
        );
        Assert.Equal("POST", Text(result.GetProperty("properties"), "method"));
        Assert.Equal(occurrence.Occurrence.Place, Text(result.GetProperty("properties"), "place"));
    }

    [Theory]
    [InlineData("GET https://h.example.fr/?a&b", "https://h.example.fr/?a&b", null, "GET")]
    [InlineData("GET https://h.example.fr/a b", "https://site.example.fr/", null, null)]
    [InlineData("src/a.py:10", "src/a.py", 10L, null)]
    [InlineData("src/a.py", "src/a.py", null, null)]
    [InlineData("main.py:10 #3", "main.py", 10L, null)]
    [InlineData("C:/src/a file.cs:7", "https://site.example.fr/", 7L, null)]
    [InlineData("file:///src/a.py:10", "file:///src/a.py", 10L, null)]
    [InlineData("https://h.example.fr/a.js:12", "https://h.example.fr/a.js", 12L, null)]
    [InlineData("https://h.example.fr:8443", "https://h.example.fr:8443/", null, null)]
    [InlineData("h.example.fr:443/tcp", "tcp://h.example.fr:443", null, null)]
    [InlineData("[2001:db8::1]:53/udp ssl-cert", "udp://[2001:db8::1]:53", null, null)]
    [InlineData("h.example.fr:443 BREACH", "tcp://h.example.fr:443", null, null)]
    [InlineData("whole target", "https://site.example.fr/", null, null)]
    public void A_place_becomes_a_uri_that_sarif_allows(string place, string target, long? line, string? method)
    {
        var sarif = SarifPlace.Of(place, "https://site.example.fr/");

        Assert.Equal(new SarifPlace(target, line, method), sarif);
        Assert.True(Uri.IsWellFormedUriString(sarif.Uri, UriKind.RelativeOrAbsolute));
    }

    private static JsonElement Run(JsonDocument sarif) => sarif.RootElement.GetProperty("runs")[0];

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();

    private static async Task<JsonDocument> WriteAsync(params V1.ReportEntry[] entries)
    {
        using var bytes = new MemoryStream();
        await using var writer = new SarifWriter(bytes);
        writer.Start();
        foreach (var entry in entries)
        {
            writer.AddRule(entry);
        }

        writer.StartResults();
        foreach (var entry in entries)
        {
            writer.Add(entry);
        }

        writer.End();
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(bytes.ToArray());
    }
}
