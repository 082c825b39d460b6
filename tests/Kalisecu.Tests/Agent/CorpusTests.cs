using System.Globalization;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Tests.Agent;

/// <summary>Real reports of real scanners, where the corpus lies beside the project; see <c>KALISECU_CORPUS</c>.</summary>
public sealed class CorpusTests
{
    private static readonly string[] Formats = ["sarif", "zap", "nuclei", "testssl", "nmap"];

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

    private static Report Open(Line line) => Report.Open(ReportSource.File(line.Path), AReport.Formats);

    private static List<Line> Lines()
    {
        if (Corpus() is not { } corpus)
        {
            Assert.Skip("the corpus of real reports is not beside the project");
            return [];
        }

        return
        [
            .. File.ReadLines(Path.Combine(corpus, "EXPECTED.tsv"))
                .Skip(1)
                .Select(line => Line.Read(corpus, line.Split('\t')))
                .Where(line => Formats.Contains(line.Format, StringComparer.Ordinal)),
        ];
    }

    private static string? Corpus()
    {
        var named = Environment.GetEnvironmentVariable("KALISECU_CORPUS");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Kalisecu.sln")))
        {
            root = root.Parent;
        }

        var folder = named ?? (root is null ? null : Path.Combine(root.FullName, "..", "shared", "corpus"));
        return folder is not null && File.Exists(Path.Combine(folder, "EXPECTED.tsv")) ? folder : null;
    }

    private sealed record Line(string Format, string File, string Path, int RawRecords, int Alerts)
    {
        /// <summary>Raw records are written <c>n</c>, or <c>outer/n</c> where records stand in something.</summary>
        public static Line Read(string corpus, string[] fields)
        {
            var counts = fields[3].Split('/').Where(text => text.Length > 0).Select(Number).ToArray();
            return new Line(
                fields[0].Split("__")[0],
                fields[1],
                System.IO.Path.Combine(corpus, fields[0], fields[1]),
                counts.Length > 1 ? counts[1] : counts.FirstOrDefault(),
                counts.FirstOrDefault()
            );
        }

        private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
