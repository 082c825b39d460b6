using Kalisecu.Compliance;
using Kalisecu.Jobs;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Sweeps run: a promise to delete is only as good as the worker that keeps it. One for each clause of retention.</summary>
internal abstract class SweepRanCheck(AllTenants allTenants) : IClauseCheck
{
    // Deletion follows within 24 hours of the end of a period.
    private static readonly Duration DeletedWithin = Duration.FromHours(24);

    public abstract string ClauseId { get; }

    public string Name => "sweeps";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var job = await db.Set<RegisteredJob>()
                    .AsNoTracking()
                    .SingleOrDefaultAsync(j => j.Job == SweepJob.Name, cancellationToken);
                if (job is null)
                {
                    return ClauseFinding.Unproven("No retention worker has ever started: nothing is deleted.");
                }

                var last = await db.Set<RecordedRun>()
                    .Where(r => r.Job == SweepJob.Name && r.State == JobRunState.Succeeded)
                    .MaxAsync(r => r.EndTime, cancellationToken);
                if (last is not { } ended)
                {
                    return now - job.RegisterTime > DeletedWithin
                        ? ClauseFinding.Broken("The retention worker has never swept since it is known.")
                        : ClauseFinding.Unproven("The retention worker has not swept yet.");
                }

                var minutes = (long)(now - ended).TotalMinutes;
                return now - ended > DeletedWithin
                    ? ClauseFinding.Broken(
                        $"The last sweep that went well ended {minutes} minutes ago: what is due is not deleted within a day.",
                        ("minutes_since_sweep", minutes)
                    )
                    : ClauseFinding.Holds(
                        $"The last sweep went well and ended {minutes} minutes ago.",
                        ("minutes_since_sweep", minutes)
                    );
            },
            cancellationToken
        );
}

internal sealed class ProspectSweepCheck(AllTenants allTenants) : SweepRanCheck(allTenants)
{
    public override string ClauseId => "RET-1";
}

internal sealed class ClientSweepCheck(AllTenants allTenants) : SweepRanCheck(allTenants)
{
    public override string ClauseId => "RET-2";
}

internal sealed class TechnicalSweepCheck(AllTenants allTenants) : SweepRanCheck(allTenants)
{
    public override string ClauseId => "RET-3";
}

internal sealed class LogSweepCheck(AllTenants allTenants) : SweepRanCheck(allTenants)
{
    public override string ClauseId => "RET-5";
}
