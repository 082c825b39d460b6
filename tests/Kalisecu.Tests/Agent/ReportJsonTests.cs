using System.Text.Json;
using Kalisecu.Agent.Commands;
using Kalisecu.Agent.Identity;

namespace Kalisecu.Tests.Agent;

public sealed class ReportJsonTests
{
    [Fact]
    public void Findings_come_first_and_every_occurrence_names_what_it_belongs_to()
    {
        var lines = Lines("shop-nuclei.jsonl");

        Assert.Equal(
            ["finding", "finding", "occurrence", "observation", "occurrence", "occurrence"],
            lines.Select(Kind)
        );
        var known = lines.Where(line => Kind(line) is not "occurrence").Select(Id).ToHashSet(StringComparer.Ordinal);
        Assert.All(lines.Where(line => Kind(line) is "occurrence"), line => Assert.Contains(Id(line), known));
    }

    private static string Kind(JsonElement line) => line.GetProperty("kind").GetString()!;

    private static string Id(JsonElement line) =>
        line.TryGetProperty("finding_id", out var finding)
            ? finding.GetString()!
            : line.GetProperty("observation_id").GetString()!;

    private static List<JsonElement> Lines(string fixture)
    {
        var report = AReport.Of(fixture);
        using var output = new MemoryStream();
        new ReportJson(new ReportIdentity(AReport.Site)).Write(
            report,
            report.Survey(),
            output,
            TestContext.Current.CancellationToken
        );
        return
        [
            .. System
                .Text.Encoding.UTF8.GetString(output.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }
}
