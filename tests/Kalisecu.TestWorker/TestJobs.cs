using System.Globalization;
using Kalisecu.Jobs;
using NodaTime;

namespace Kalisecu.TestWorker;

/// <summary>Jobs that take a moment and touch nothing: what counts is how often they run.</summary>
internal static class TestJobs
{
    /// <summary>Runs until it is stopped; only by request, in a test's lifetime.</summary>
    public const string Endless = "wait-for-ever";

    /// <summary>How long one run takes, in real milliseconds: a kill must find some of them at work.</summary>
    public const string Milliseconds = "TEST_JOB_MILLISECONDS";

    public static WorkerJobs All { get; } =
        new(
            static _ => { },
            [
                .. Enumerable
                    .Range(0, 6)
                    .Select(i =>
                        WorkerJob.Of<ShortJob>(
                            new JobDefinition(
                                string.Create(CultureInfo.InvariantCulture, $"each-hour-{i}"),
                                "Counts hours.",
                                Schedule.Hourly(i * 10),
                                Duration.FromHours(2)
                            )
                        )
                    ),
                WorkerJob.Of<ShortJob>(
                    new JobDefinition("each-night", "Counts days.", Schedule.Daily(0, 5), Duration.FromHours(6))
                ),
                WorkerJob.Of<EndlessJob>(
                    new JobDefinition(
                        Endless,
                        "Waits until it is stopped.",
                        new Schedule("0 0 0 1 1 ?", "once a year"),
                        Duration.FromDays(1)
                    )
                ),
            ]
        );
}

internal sealed class ShortJob : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var length = Environment.GetEnvironmentVariable(TestJobs.Milliseconds) ?? "0";
        await Task.Delay(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        run.Count("rows", 3);
        run.Report(3, 3, "counted");
        return JobOutcome.Done;
    }
}

internal sealed class EndlessJob : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        for (var done = 1; ; done++)
        {
            run.Count("rounds");
            run.Report(done, total: null, "waiting");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
