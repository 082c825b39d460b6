using Kalisecu.Jobs;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>Writes down every hour which consents ran out.</summary>
internal sealed class ExpireConsentsJob(ExpireConsents expire) : IWorkerJob
{
    public static JobDefinition Definition { get; } =
        new(
            "expire-consents",
            "Records in the ledger which consents ran out",
            Schedule.Hourly(20),
            // Nothing is used in the meantime: every answer looks at the expiry itself.
            LateAfter: Duration.FromHours(6)
        );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        run.Count("expired", await expire.RunAsync(run.Actor, cancellationToken));
        return JobOutcome.Done;
    }
}
