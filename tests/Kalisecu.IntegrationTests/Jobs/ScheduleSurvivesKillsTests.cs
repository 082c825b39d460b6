using System.Diagnostics;
using Kalisecu.IntegrationTests.Backups;
using Kalisecu.Jobs;
using NodaTime;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>
/// Three instances of each worker with its real jobs, over one database with real backups, killed at random while a month
/// ends: every job runs for each of its times once. KALISECU_SOAK=1 goes on for ten minutes, over the end of summer time too.
/// </summary>
public sealed class ScheduleSurvivesKillsTests(ABackedUpPlatform platform) : IClassFixture<ABackedUpPlatform>
{
    private const int LostAtLeast = 2;

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("KALISECU_SOAK") is "1";
    private static readonly TimeSpan Length = IsSoak ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(IsSoak ? 5 : 4);

    // The clock jumps so far; it waits there until all that was due is done.
    private static readonly Duration Step = Duration.FromMinutes(5);

    // Half an hour before the month ends in France; and a day and a half before, which is a Sunday of 25 hours with the
    // weekly backup, its trial and all that is daily.
    private static readonly Instant Start = IsSoak
        ? Instant.FromUtc(2027, 10, 30, 21, 59, 30)
        : Instant.FromUtc(2027, 10, 31, 22, 44, 30);

    private static readonly Instant MonthEnd = Instant.FromUtc(2027, 10, 31, 23, 0);

    [Fact]
    public async Task However_workers_are_killed_every_job_is_done_once_for_each_of_its_times()
    {
        await using var fleet = new AFleet(platform, Start);
        await fleet.StartAsync();
        var first = fleet.Now;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var killing = fleet.KillAsync(BetweenKills, stop.Token);

        var until = first;
        for (var watch = Stopwatch.StartNew(); await GoesOnAsync(fleet, watch, first, until); until += Step)
        {
            await fleet.ServeAsync(until, until + Step);
        }

        await stop.CancelAsync();
        await killing;
        var served = (await fleet.ServedAsync(first)).FindAll(r => r.Slot <= until);
        Assert.DoesNotContain(served, r => r.State is not JobRunState.Succeeded);
        Assert.All(
            AFleet.Jobs,
            job =>
                Assert.Equal(
                    AFleet.Slots(job, first, until),
                    served
                        .Where(r => string.Equals(r.Job, job.Name, StringComparison.Ordinal))
                        .Select(r => r.Slot)
                        .Order()
                )
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{served.Count} runs of {AFleet.Jobs.Count} jobs from {first} to {until}; {fleet.Kills} kills cut "
                + $"{(await fleet.LostAsync(first)).Count} runs off."
        );
    }

    private static async Task<bool> GoesOnAsync(AFleet fleet, Stopwatch watch, Instant first, Instant until) =>
        watch.Elapsed < Length || until <= MonthEnd || (await fleet.LostAsync(first)).Count < LostAtLeast;
}
