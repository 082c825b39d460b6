using System.Text;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Tests.Agent;

/// <summary>Live memory while a report is read does not follow the report's size.</summary>
// Alone: what other tests keep alive meanwhile would be counted too.
[Collection(nameof(ReportMemoryTests))]
[CollectionDefinition(nameof(ReportMemoryTests), DisableParallelization = true)]
public sealed class ReportMemoryTests
{
    private const string Result =
        "{\"ruleId\":\"r\",\"message\":{\"text\":\"one of many\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":"
        + "{\"uri\":\"src/a.js\"},\"region\":{\"startLine\":7}}}],\"partialFingerprints\":{\"primaryLocationLineHash\":\"0011\"}},";

    [Fact]
    public void Reading_200_MB_of_SARIF_takes_little_more_than_reading_2_MB()
    {
        var small = PeakOf(megabytes: 2);
        var large = PeakOf(megabytes: 200);

        // Eight bytes for each of its 900,000 occurrences are the repeat counter's, twice that while it grows.
        Assert.True(large - small < 48 * 1024 * 1024, $"2 MB: {small:N0} bytes, 200 MB: {large:N0} bytes");
    }

    private static long PeakOf(int megabytes)
    {
        var piece = Encoding.UTF8.GetBytes(Result);
        var times = megabytes * 1024L * 1024 / piece.Length;
        var report = AReport.OfStream(() =>
            new GeneratedStream(
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\"}},\"results\":["u8.ToArray(),
                piece,
                times,
                "{\"ruleId\":\"last\",\"message\":{\"text\":\"end\"}}]}]}"u8.ToArray()
            )
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        long count = 0;
        foreach (
            var record in new ReportIdentity(AReport.Site).Identify(report.Read(TestContext.Current.CancellationToken))
        )
        {
            Assert.IsType<IdentifiedOccurrence>(record);
            if (++count % 100_000 == 0)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(times + 1, count);
        return peak;
    }
}
