using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Deletes whatever is due, rule by rule. One that fails stops none of the others; the next hour tries it again.</summary>
internal sealed class SweepJob(
    KeepingRules rules,
    SweepRows rows,
    SweepPersons persons,
    SweepTenants tenants,
    SweepMonths months,
    CertifySweeps certify,
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
                await SweepAsync(sweepId, rule, run, cancellationToken);
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
        return failed.Count == 0 ? JobOutcome.Done : JobOutcome.Failed($"Not swept: {string.Join(", ", failed)}");
    }

    private async Task SweepAsync(Guid sweepId, KeepingRule rule, JobRun run, CancellationToken cancellationToken)
    {
        switch (rule.Action)
        {
            case KeepingAction.DeleteRows:
                Count(
                    await rows.RunAsync(sweepId, rule, done => run.Report(done, null, rule.Name), cancellationToken),
                    "rows"
                );
                break;
            case KeepingAction.ForgetPersons:
                var (forgotten, failed) = await persons.RunAsync(sweepId, rule, cancellationToken);
                Count(forgotten, "persons");
                if (failed > 0)
                {
                    throw new InvalidOperationException($"{failed} persons could not be forgotten.");
                }

                break;
            case KeepingAction.DropMonths:
                var dropped = await months.RunAsync(sweepId, rule, cancellationToken);
                Count(dropped.Rows, "rows");
                Count(dropped.Months, "months");
                break;
            case KeepingAction.ForgetTenant:
                var ended = await tenants.RunAsync(sweepId, run.Actor, cancellationToken);
                Count(ended.Rows, "rows");
                Count(ended.Tenants, "tenants");
                break;
            case KeepingAction.DeleteWithTenant:
                // Swept with the tenant itself.
                break;
            default:
                throw new InvalidOperationException($"No action: {rule.Action}");
        }

        void Count(long count, string name)
        {
            if (count > 0)
            {
                run.Count(name, count);
            }
        }
    }
}
