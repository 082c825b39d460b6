using System.Globalization;

namespace Kalisecu.TestKit;

/// <summary>One real report of a real scanner, and what is known to be in it.</summary>
internal sealed record CorpusReport(string Format, string File, string Path, int RawRecords, int Alerts);

/// <summary>
/// Real reports of real scanners, where the corpus lies beside the project (<c>KALISECU_CORPUS</c> names another place). A
/// user's clone has none; the tests that want it then say that they were skipped.
/// </summary>
internal static class CorpusReports
{
    private static readonly string[] Formats = ["sarif", "zap", "nuclei", "testssl", "nmap"];

    /// <summary>The reports of the formats that agents read; null where there is no corpus.</summary>
    public static IReadOnlyList<CorpusReport>? Find()
    {
        var folder =
            Environment.GetEnvironmentVariable("KALISECU_CORPUS")
            ?? Path.Combine(Programs.RepositoryRoot, "..", "shared", "corpus");
        var expected = Path.Combine(folder, "EXPECTED.tsv");
        return File.Exists(expected)
            ?
            [
                .. File.ReadLines(expected)
                    .Skip(1)
                    .Select(line => Read(folder, line.Split('\t')))
                    .Where(report => Formats.Contains(report.Format, StringComparer.Ordinal)),
            ]
            : null;
    }

    // Raw records are written "n", or "outer/n" where records stand in something.
    private static CorpusReport Read(string folder, string[] fields)
    {
        var counts = fields[3].Split('/').Where(text => text.Length > 0).Select(Number).ToArray();
        return new CorpusReport(
            fields[0].Split("__")[0],
            fields[1],
            Path.Combine(folder, fields[0], fields[1]),
            counts.Length > 1 ? counts[1] : counts.FirstOrDefault(),
            counts.FirstOrDefault()
        );
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
