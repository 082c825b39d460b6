using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What a worker took, of how many that were due.</summary>
internal sealed record ClaimedErasures(IReadOnlyList<Erasure> Claimed, int DueCount);

/// <summary>
/// Takes erasures that are due. Before the first step of each it is asked once more whether the erasure is still wanted: its
/// request may be closed or refused by now, or something holds the person's data. Once begun it is carried on, whatever comes.
/// </summary>
internal sealed class ClaimErasures(AllTenants allTenants, EvidenceLog evidence, IClock clock)
{
    public Task<ClaimedErasures> RunAsync(Guid claimId, int count, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => RunAsync(db, claimId, count, cancellationToken), cancellationToken);

    private async Task<ClaimedErasures> RunAsync(
        KalisecuDb db,
        Guid claimId,
        int count,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var due = await ErasureSql.LockDueAsync(db, count, now, cancellationToken);
        var undone = due.Where(e => e.IsStillUndone).ToList();
        var wanted = await WantedAsync(db, undone, cancellationToken);
        var held = await ErasureHolds.FindAsync(db, undone.ConvertAll(e => e.Person), cancellationToken);
        var (claimed, ended) = (new List<Erasure>(), new List<Erasure>());
        foreach (var erasure in due)
        {
            if (erasure.IsStillUndone && !wanted.Contains(erasure.PrivacyRequestId))
            {
                erasure.GiveUp();
                ended.Add(erasure);
            }
            else if (erasure.IsStillUndone && held.ContainsKey(erasure.Person))
            {
                erasure.Wait(now);
            }
            else
            {
                erasure.Begin(claimId, now, now + ErasureSteps.ClaimFor);
                claimed.Add(erasure);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var erasure in ended)
        {
            await EndPlannedErasures.RecordAsync(evidence, db, erasure, ErasureSteps.Actor, cancellationToken);
        }

        return new ClaimedErasures(claimed, due.Count);
    }

    /// <summary>The requests that still ask for erasure; they stay as they are until the commit.</summary>
    private static async Task<HashSet<Guid>> WantedAsync(
        KalisecuDb db,
        List<Erasure> erasures,
        CancellationToken cancellationToken
    )
    {
        if (erasures.Count == 0)
        {
            return [];
        }

        var ids = erasures.Select(e => e.PrivacyRequestId).Distinct().ToArray();
        await ErasureSql.KeepRequestsAsync(db, ids, cancellationToken);
        var requests = await db.Set<PrivacyRequest>()
            .AsNoTracking()
            .Where(r => r.TenantId == TenantScope.Platform && ids.Contains(r.PrivacyRequestId))
            .ToListAsync(cancellationToken);
        return
        [
            .. requests
                .Where(r => r is { IsOpen: true, IdentityMethod: not null })
                .Where(r => r.Rights.Any(x => x is { Right: Right.Erasure, Outcome: not RightOutcome.Refused }))
                .Select(r => r.PrivacyRequestId),
        ];
    }
}
