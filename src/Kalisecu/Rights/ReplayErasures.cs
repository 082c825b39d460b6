using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What a replay did.</summary>
/// <param name="Forgotten">How many erasures of the journal the database did not know.</param>
/// <param name="Remaining">How many of them are still not complete: the server does not open before they are.</param>
internal sealed record ReplayOutcome(int Forgotten, int Remaining);

/// <summary>
/// Erases again, in a database that was restored from a backup, whoever was erased since that backup. Can be repeated.
/// </summary>
internal sealed class ReplayErasures(
    JournalGate gate,
    RestrictedRows rows,
    ExecuteErasure execute,
    AcceptJournal accept,
    IClock clock,
    ILogger<ReplayErasures> log
)
{
    /// <summary>Replays the journal.</summary>
    /// <param name="acceptsWithoutHead">Whether an operator takes a journal of unknown length to be whole.</param>
    /// <param name="cancellationToken">Ends it; it can be repeated.</param>
    public async Task<ReplayOutcome> RunAsync(bool acceptsWithoutHead, CancellationToken cancellationToken)
    {
        if (acceptsWithoutHead)
        {
            await accept.RunAsync(cancellationToken);
        }

        var forgotten = await gate.FindForgottenAsync(movesMark: true, cancellationToken);
        if (forgotten.Count == 0)
        {
            return new ReplayOutcome(0, 0);
        }

        RightsLog.Replaying(log, forgotten.Count);
        foreach (var entry in forgotten)
        {
            await rows.InTenantAsync(
                entry.Person.TenantId,
                async db =>
                {
                    await QueueAsync(db, entry, cancellationToken);
                    return true;
                },
                cancellationToken
            );
        }

        await execute.RunDueAsync(cancellationToken);
        var remaining = await gate.FindForgottenAsync(movesMark: true, cancellationToken);
        return new ReplayOutcome(forgotten.Count, remaining.Count);
    }

    private async Task QueueAsync(KalisecuDb db, JournalEntry entry, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var erasure = await db.Set<Erasure>()
            .SingleOrDefaultAsync(
                e => e.TenantId == entry.Person.TenantId && e.ErasureId == entry.ErasureId,
                cancellationToken
            );
        if (erasure is null)
        {
            await CancelPlansAsync(db, entry, cancellationToken);
            db.Add(Erasure.Replay(entry, now));
        }
        else
        {
            erasure.RunAgain(now);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A plan from before the backup that was cancelled after it: the erasure that followed takes its place.</summary>
    private static async Task CancelPlansAsync(KalisecuDb db, JournalEntry entry, CancellationToken cancellationToken)
    {
        var plans = await db.Set<Erasure>()
            .Where(e =>
                e.TenantId == entry.Person.TenantId
                && e.PersonId == entry.Person.PersonId
                && e.State == ErasureState.Planned
            )
            .ToListAsync(cancellationToken);
        plans.ForEach(p => p.Cancel());
        await db.SaveChangesAsync(cancellationToken);
    }
}
