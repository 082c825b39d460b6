using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Deletes whatever is due, rule by rule. One that fails stops none of the others; the next hour tries it again.</summary>
internal sealed class SweepJob(
    KeepingRules rules,
    SweepRule sweep,
    CertifySweeps certify,
    RecordOutlooks outlooks,
    IClock clock,
    ILogger<SweepJob> log
) : IWorkerJob
{
    public const string Name = "sweep-retention";

    public static JobDefinition Definition { get; } =
        new(
            Name,
            "Deletes what its retention rule ends, and leaves a certificate of it",
            Schedule.Hourly(7),
            Duration.FromHours(2)
        );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var sweepId = Ids.New(clock.GetCurrentInstant());
        var failed = new List<string>();
        foreach (var rule in rules.All)
        {
            run.Report(0, null, rule.Name);
            try
            {
                await sweep.RunAsync(sweepId, rule, run, cancellationToken);
            }
#pragma warning disable CA1031 // One rule that fails must not keep what the others end.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                RetentionLog.RuleFailed(log, exception, rule.Name);
                failed.Add(rule.Name);
            }
        }

        await certify.RunAsync(sweepId, run.Actor, cancellationToken);
        run.Report(0, null, "outlooks");
        await outlooks.RunAsync(cancellationToken);
        return failed.Count == 0 ? JobOutcome.Done : JobOutcome.Failed($"Not swept: {string.Join(", ", failed)}");
    }
}
