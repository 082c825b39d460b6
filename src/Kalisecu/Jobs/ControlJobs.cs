using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>What staff does with jobs: asks for a run, and cancels one.</summary>
internal sealed class ControlJobs(EvidenceLog evidence, IClock clock)
{
    public async Task<RecordedRun> StartAsync(
        KalisecuDb db,
        string name,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var job =
            await db.Set<RegisteredJob>()
                .AsNoTracking()
                .SingleOrDefaultAsync(j => j.Job == name && j.RetireTime == null, cancellationToken)
            ?? throw JobErrors.Unknown(name);
        var waiting = await db.Set<RecordedRun>()
            .AsNoTracking()
            .FirstOrDefaultAsync(r => r.Job == name && r.State == JobRunState.Requested, cancellationToken);
        if (waiting is not null)
        {
            throw JobErrors.StartRequested(waiting);
        }

        var run = RecordedRun.Request(job, actor, clock.GetCurrentInstant());
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        // Heard by the workers when this transaction commits.
        await db.Database.ExecuteSqlAsync($"select pg_notify({JobRequests.Channel}, {name})", cancellationToken);
        await RecordAsync(db, "job.requested", run, actor, cancellationToken);
        return run;
    }

    /// <summary>Asks for a run for another job's sake.</summary>
    /// <returns>False when one is asked for already, or no worker offers the job.</returns>
    public async Task<bool> AskAsync(KalisecuDb db, string name, string actor, CancellationToken cancellationToken)
    {
        var isOffered = await db.Set<RegisteredJob>()
            .AnyAsync(j => j.Job == name && j.RetireTime == null, cancellationToken);
        var isWaiting = await db.Set<RecordedRun>()
            .AnyAsync(r => r.Job == name && r.State == JobRunState.Requested, cancellationToken);
        if (!isOffered || isWaiting)
        {
            return false;
        }

        await StartAsync(db, name, actor, cancellationToken);
        return true;
    }

    public async Task<RecordedRun> CancelAsync(
        KalisecuDb db,
        Guid runId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var run = await FindAsync(db, runId, cancellationToken);
        var isRepeat = run.CancelTime is not null;
        run.Cancel(actor, clock.GetCurrentInstant());
        if (!isRepeat)
        {
            await db.SaveChangesAsync(cancellationToken);
            await RecordAsync(db, "job.cancelled", run, actor, cancellationToken);
        }

        return run;
    }

    public static async Task<RecordedRun> FindAsync(KalisecuDb db, Guid runId, CancellationToken cancellationToken) =>
        await db.Set<RecordedRun>().SingleOrDefaultAsync(r => r.RunId == runId, cancellationToken)
        ?? throw GeneralErrors.NotFound("job run", runId);

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        RecordedRun run,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            run.RunId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["job"] = run.Job },
            cancellationToken
        );
}
