using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Agent;

/// <summary>Real reports of real scanners, where the corpus lies beside the project.</summary>
public sealed class CorpusTests
{
    /// <summary>Alert items that repeat a rule of the same report: one finding on one site.</summary>
    private static readonly Dictionary<string, int> RepeatedAlerts = new(StringComparer.Ordinal)
    {
        ["dvwa_baseline_dojo.xml"] = 1,
        ["bodgeit.xml"] = 3,
    };

    [Fact]
    public void Every_raw_record_of_every_report_is_one_occurrence_with_its_own_id()
    {
        foreach (var line in Lines())
        {
            var report = Open(line);
            var occurrences = report.Occurrences();

            Assert.True(
                line.RawRecords == occurrences.Count,
                $"{line.File}: {occurrences.Count}, not {line.RawRecords}"
            );
            Assert.Equal(
                occurrences.Count,
                occurrences.Select(occurrence => occurrence.OccurrenceId).Distinct().Count()
            );
            Assert.Equal(line.Format, report.Format);
        }
    }

    [Fact]
    public void Every_alert_of_ZAP_is_a_finding_unless_it_repeats_a_rule()
    {
        foreach (var line in Lines().Where(line => line.Format is "zap"))
        {
            var expected = line.Alerts - RepeatedAlerts.GetValueOrDefault(line.File);

            Assert.True(expected == Open(line).Survey().Findings.Count, line.File);
        }
    }

    [Fact]
    public void Two_crawls_of_one_site_name_what_they_share_alike()
    {
        var lines = Lines().ToDictionary(line => line.File, StringComparer.Ordinal);
        var first = Ids(Open(lines["zap-results-first-scan.xml"]));
        var second = Ids(Open(lines["zap-results-second-scan.xml"]));

        Assert.True(first.Intersect(second).Count() > first.Count / 2);
    }

    [Fact]
    public void Other_severities_are_the_same_occurrences_and_two_findings_rated_anew()
    {
        var lines = Lines().ToDictionary(line => line.File, StringComparer.Ordinal);
        var before = Open(lines["0_zap_sample.xml"]);
        var after = Open(lines["3_zap_sampl_0_and_different_severities.xml"]);

        Assert.Equal(Ids(before), Ids(after));
        var rated = before.Survey().Findings;
        Assert.Equal(2, after.Survey().Findings.Count(pair => pair.Value.Severity != rated[pair.Key].Severity));
    }

    private static HashSet<Guid> Ids(Report report) => [.. report.Occurrences().Select(o => o.OccurrenceId)];

    private static Report Open(CorpusReport line) => Report.Open(ReportSource.File(line.Path), AReport.Formats);

    private static IReadOnlyList<CorpusReport> Lines()
    {
        var reports = CorpusReports.Find();
        Assert.SkipWhen(reports is null, "the corpus of real reports is not beside the project");
        return reports ?? [];
    }
}
