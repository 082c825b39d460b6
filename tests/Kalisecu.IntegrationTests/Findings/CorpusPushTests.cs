using Kalisecu.Findings.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>Real reports of real scanners, pushed by the agent's own code and listed back over the contract.</summary>
public sealed class CorpusPushTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Each_report_is_listed_back_with_as_many_records_as_it_holds()
    {
        foreach (var line in Reports())
        {
            using var site = await ScannedSite.OfAsync(server, line.Path);

            await site.PushAsync(line.Path);

            Assert.True(line.RawRecords == await site.CountRecordsAsync(), line.File);
        }
    }

    [Fact]
    public async Task What_is_absent_closes_and_what_comes_back_reopens_and_nothing_else_changes()
    {
        var (with, without) = (Zap("0_zap_sample.xml"), Zap("0_zap_sample_without_zap3.xml"));
        using var site = await ScannedSite.OfAsync(server, with);
        var gone = site.Ids(with).Except(site.Ids(without)).Count();
        var first = await site.PushAsync(with);

        var second = await site.PushAsync(without);
        var third = await site.PushAsync(with);

        Assert.Equal(12ul, first.OccurrencesOpened);
        Assert.Equal((0ul, (ulong)gone, (ulong)(12 - gone)), Changes(second));
        Assert.Equal(((ulong)gone, 0ul, (ulong)(12 - gone)), Changes(third));
        Assert.Equal((1ul, 1ul), (second.FindingsClosed, third.FindingsReopened));
        Assert.Equal(0ul, second.FindingsOpened + third.FindingsOpened + third.FindingsClosed);
    }

    [Fact]
    public async Task A_changed_alert_closes_and_reopens_what_changed_and_nothing_else()
    {
        var (zero, one) = (Zap("0_zap_sample.xml"), Zap("1_zap_sample_0_and_new_absent.xml"));
        using var site = await ScannedSite.OfAsync(server, zero, one);
        var (before, after) = (site.Ids(zero), site.Ids(one));
        await site.PushAsync(zero);

        var there = await site.PushAsync(one);
        var back = await site.PushAsync(zero);

        var (added, removed) = ((ulong)after.Except(before).Count(), (ulong)before.Except(after).Count());
        Assert.True(added > 0 && removed > 0);
        Assert.Equal((added, removed), (there.OccurrencesOpened, there.OccurrencesClosed));
        Assert.Equal((removed, added), (back.OccurrencesOpened, back.OccurrencesClosed));
    }

    [Fact]
    public async Task Other_severities_change_two_findings_and_close_none()
    {
        var (zero, three) = (Zap("0_zap_sample.xml"), Zap("3_zap_sampl_0_and_different_severities.xml"));
        using var site = await ScannedSite.OfAsync(server, zero);
        await site.PushAsync(zero);

        var rated = await site.PushAsync(three);

        Assert.Equal(2ul, rated.FindingsChanged);
        Assert.Equal((0ul, 0ul, 12ul), Changes(rated));
    }

    [Fact]
    public async Task A_second_crawl_closes_nothing_that_it_did_not_visit()
    {
        var (first, second) = (Zap("zap-results-first-scan.xml"), Zap("zap-results-second-scan.xml"));
        using var site = await ScannedSite.OfAsync(server, first, second);
        await site.PushAsync(first);
        var unvisited = site.Resources(first)
            .Where(r => !site.Resources(second).ContainsValue(r.Value))
            .Select(r => r.Key);

        var counts = await site.PushAsync(second);

        var open = await site.OpenIdsAsync();
        Assert.Empty(unvisited.Except(open));
        Assert.Empty(site.Ids(second).Except(open));
        Assert.True(counts.OccurrencesUnchanged > 0);
    }

    private static string Zap(string file) =>
        Reports().Single(r => r.Format is "zap" && string.Equals(r.File, file, StringComparison.Ordinal)).Path;

    private static IReadOnlyList<CorpusReport> Reports()
    {
        var reports = CorpusReports.Find();
        Assert.SkipWhen(reports is null, "the corpus of real reports is not beside the project");
        return reports ?? [];
    }

    private static (ulong Opened, ulong Closed, ulong Unchanged) Changes(PushCounts counts) =>
        (counts.OccurrencesOpened, counts.OccurrencesClosed, counts.OccurrencesUnchanged);
}
