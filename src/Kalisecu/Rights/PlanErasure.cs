using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What staff do before an erasure: have it planned, read it, approve or cancel it. Nothing is deleted here.</summary>
internal sealed class PlanErasure(PersonStores stores, EvidenceLog evidence, IClock clock)
{
    public async Task<Erasure> PlanAsync(KalisecuDb db, RightsCase rights, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        // Two who plan at once: the second sees the first's.
        var key = Ids.LockKey($"kalisecu/erasure/{rights.Person.TenantId:D}/{rights.Person.PersonId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        var open = await db.Set<Erasure>()
            .AsNoTracking()
            .Where(e => e.TenantId == rights.Person.TenantId && e.PersonId == rights.Person.PersonId)
            .Where(e =>
                e.State == ErasureState.Planned || e.State == ErasureState.Approved || e.State == ErasureState.Running
            )
            .SingleOrDefaultAsync(cancellationToken);
        if (open is not null)
        {
            throw RightsErrors.ErasureUnderWay(open.ErasureId);
        }

        var erasure = Erasure.Plan(rights, now);
        db.Add(erasure);
        await db.SaveChangesAsync(cancellationToken);
        var (erased, kept) = (0, 0);
        foreach (var (position, store) in stores.All.Index())
        {
            var plan = await store.PlanErasureAsync(db, rights.Person, cancellationToken);
            db.Add(ErasureStep.Of(erasure, position, plan));
            erased += plan.Erased;
            kept += plan.Kept.Sum(k => k.Count);
        }

        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(
            db,
            "erasure.planned",
            erasure,
            rights.Actor,
            new(StringComparer.Ordinal)
            {
                ["stores"] = stores.All.Count,
                ["erased"] = erased,
                ["kept"] = kept,
            },
            cancellationToken
        );
        return erasure;
    }

    /// <summary>From here on a worker carries it out, unless its request ends before that begins.</summary>
    public async Task<Erasure> ApproveAsync(
        KalisecuDb db,
        Guid erasureId,
        string etag,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var erasure = await LockAsync(db, erasureId, etag, cancellationToken);
        // The request may have ended since the plan was made.
        var rights = new RightsCase(erasure.PrivacyRequestId, erasure.Person, actor);
        await AnsweredRequests.RequireAsync(db, rights, Right.Erasure, cancellationToken);
        erasure.Approve(actor, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "erasure.approved", erasure, actor, [], cancellationToken);
        return erasure;
    }

    public async Task<Erasure> CancelAsync(
        KalisecuDb db,
        Guid erasureId,
        string etag,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var erasure = await LockAsync(db, erasureId, etag, cancellationToken);
        erasure.Cancel();
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "erasure.cancelled", erasure, actor, [], cancellationToken);
        return erasure;
    }

    private static async Task<Erasure> LockAsync(
        KalisecuDb db,
        Guid erasureId,
        string etag,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Scope?.TenantId;
        var found = await db.Set<Erasure>()
            .FromSql(
                $"select *, xmin from erasures where tenant_id = {tenant} and erasure_id = {erasureId} for no key update"
            )
            .ToListAsync(cancellationToken);
        if (found is not [var erasure])
        {
            throw GeneralErrors.NotFound("erasure", erasureId);
        }

        Etag.Require(etag, erasure.Version, "erasure");
        return erasure;
    }

    private Task AppendAsync(
        KalisecuDb db,
        string kind,
        Erasure erasure,
        string actor,
        Dictionary<string, object?> facts,
        CancellationToken cancellationToken
    )
    {
        facts["privacy_request"] = erasure.PrivacyRequestId.ToString("D");
        return evidence.AppendAsync(db, kind, erasure.ErasureId, actor, facts, cancellationToken);
    }
}
