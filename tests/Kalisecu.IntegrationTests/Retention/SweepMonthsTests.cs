using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>Logs leave by the month.</summary>
public sealed class SweepMonthsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_month_of_the_access_log_leaves_as_a_whole_and_the_next_months_are_there()
    {
        // The database does not believe a clock that is ahead of its own.
        await using var swept = new SweptDatabase(database, SystemClock.Instance.GetCurrentInstant());
        var today = swept.Clock.GetCurrentInstant().InUtc().Date;
        await swept.RunAsync("select kalisecu_ensure_access_partition($1)", today.PlusMonths(-13));
        await swept.RunAsync("select kalisecu_ensure_access_partition($1)", today.PlusMonths(-10));

        await swept.SweepAsync();

        var months = await swept.ListAsync(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'access_entries'::regclass order by 1"
        );
        Assert.DoesNotContain(Partition(today.PlusMonths(-13)), months);
        Assert.Contains(Partition(today.PlusMonths(-10)), months);
        Assert.Contains(Partition(today), months);
        Assert.Contains(Partition(today.PlusMonths(2)), months);
        Assert.Equal(1L, await swept.AskAsync<long>("select count(*) from retention_sweeps where rule = 'access-log'"));
    }

    private static string Partition(LocalDate day) => $"access_entries_{day.Year:0000}_{day.Month:00}";
}
