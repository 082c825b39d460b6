using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>
/// Three workers over one database, killed at random, under a clock on which an hour takes eight seconds and a month ends:
/// every job runs for every hour once. KALISECU_SOAK=1 goes on for ten minutes.
/// </summary>
public sealed class ScheduleSurvivesKillsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Instances = 3;
    private const double RealSecondsAnHour = 8;
    private const double Factor = 3600 / RealSecondsAnHour;

    // Each must find runs at work: jobs take a second and a half, and one is due every second or two.
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(4);

    private static readonly Instant Start = Instant.FromUtc(2026, 11, 30, 21, 30);

    private static readonly TimeSpan Length = Environment.GetEnvironmentVariable("KALISECU_SOAK") is "1"
        ? TimeSpan.FromMinutes(10)
        : TimeSpan.FromSeconds(28);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_workers_are_killed_every_job_is_done_once_for_every_hour()
    {
        var realStart = SystemClock.Instance.GetCurrentInstant();
        var clock = new FastTime(realStart, Start, Factor);
        await using var worker = new AWorker(database, Variables(realStart), Hasten);
        var instances = Enumerable.Range(0, Instances).Select(_ => worker.Start()).ToList();

        var kills = await KillAsync(worker, instances);
        // Left alone, they serve the newest time of every job.
        var end = clock.GetCurrentInstant();
        var runs = await worker.WaitAsync(all =>
            Hourly(all).All(job => Served(job).Any(slot => slot >= LastDue(job.Key, end)))
        );

        Assert.True(kills > 2);
        Assert.Equal(6, Hourly(runs).Count);
        Assert.All(
            Hourly(runs),
            job =>
            {
                var slots = Served(job).ToList();
                Assert.Equal(slots.Distinct().Count(), slots.Count);
                // A time that nobody could serve was made up for once, by the next run: no gap is longer than a take-over.
                var longest = slots.Order().Zip(slots.Order().Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();
                Assert.InRange(longest, Duration.Zero, Duration.FromHours(6));
            }
        );
        // Whatever was cut off is known as cut off, and nothing claims to run that does not.
        Assert.True(runs.Count(r => r.State is JobRunState.Running) <= 6);
    }

    private static async Task<int> KillAsync(AWorker worker, List<Process> instances)
    {
        var watch = Stopwatch.StartNew();
        var kills = 0;
        while (watch.Elapsed < Length)
        {
            await Task.Delay(BetweenKills * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000.0)), Cancel);
            var victim = RandomNumberGenerator.GetInt32(Instances);
            AWorker.Kill(instances[victim]);
            instances[victim] = worker.Start();
            kills++;
        }

        return kills;
    }

    private static List<IGrouping<string, AWorker.RunRow>> Hourly(List<AWorker.RunRow> runs) =>
        [
            .. runs.GroupBy(r => r.Job, StringComparer.Ordinal)
                .Where(g => g.Key.StartsWith("each-hour", StringComparison.Ordinal)),
        ];

    private static IEnumerable<Instant> Served(IEnumerable<AWorker.RunRow> job) =>
        job.Where(r => r is { State: JobRunState.Succeeded, SlotTime: not null }).Select(r => r.SlotTime!.Value);

    private static Instant LastDue(string job, Instant now) =>
        TestJobs
            .All.Jobs.Single(j => string.Equals(j.Definition.Name, job, StringComparison.Ordinal))
            .Definition.Schedule.LastUntil(now);

    private static Dictionary<string, string> Variables(Instant realStart) =>
        new(StringComparer.Ordinal)
        {
            [FastTime.RealStart] = InstantPattern.ExtendedIso.Format(realStart),
            [FastTime.Start] = InstantPattern.ExtendedIso.Format(Start),
            [FastTime.Factor] = Factor.ToString(CultureInfo.InvariantCulture),
            [TestJobs.Milliseconds] = "1500",
        };

    // In the workers' time, which runs as fast as their clock: real seconds times the factor.
    private static void Hasten(WorkerSettings settings)
    {
        settings.Cluster.CheckInSeconds = (int)(1 * Factor);
        settings.Cluster.DeadAfterSeconds = (int)(2 * Factor);
        settings.Cluster.MissedAfterSeconds = (int)(4 * Factor);
        settings.Cluster.LookEverySeconds = (int)(1 * Factor);
    }
}
