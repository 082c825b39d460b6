using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>What staff does with holds; each step is evidence.</summary>
internal sealed class PlaceHolds(EvidenceLog evidence, IClock clock)
{
    public async Task<LegalHold> PlaceAsync(
        KalisecuDb db,
        LegalHoldDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (draft.HeldTenantId != TenantScope.Platform)
        {
            await LockTenantAsync(db, draft.HeldTenantId, cancellationToken);
        }

        var hold = LegalHold.Place(draft, actor, clock.GetCurrentInstant());
        db.Add(hold);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "hold.placed", hold, actor, cancellationToken);
        return hold;
    }

    public async Task<LegalHold> ReviewAsync(
        KalisecuDb db,
        Guid holdId,
        LocalDate next,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var hold = await FindAsync(db, holdId, cancellationToken);
        hold.Review(next, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "hold.reviewed", hold, actor, cancellationToken);
        return hold;
    }

    public async Task<LegalHold> ReleaseAsync(
        KalisecuDb db,
        Guid holdId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var hold = await FindAsync(db, holdId, cancellationToken);
        hold.Release(actor, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "hold.released", hold, actor, cancellationToken);
        return hold;
    }

    /// <summary>The end of a client locks it too: it sees this hold, or this sees the end.</summary>
    private static async Task LockTenantAsync(KalisecuDb db, Guid tenantId, CancellationToken cancellationToken)
    {
        var found = await db
            .Database.SqlQuery<bool>(
                $"""
                select forget_time is not null as "Value" from tenants where tenant_id = {tenantId} for update
                """
            )
            .ToListAsync(cancellationToken);
        if (found is not [var forgotten])
        {
            throw GeneralErrors.NotFound("tenant", tenantId);
        }

        if (forgotten)
        {
            throw RetentionErrors.DataForgotten(tenantId);
        }
    }

    private static async Task<LegalHold> FindAsync(KalisecuDb db, Guid holdId, CancellationToken cancellationToken) =>
        await db.Set<LegalHold>()
            .FromSql($"select * from legal_holds where hold_id = {holdId} for update")
            .SingleOrDefaultAsync(cancellationToken)
        ?? throw GeneralErrors.NotFound("legal hold", holdId);

    private Task AppendAsync(
        KalisecuDb db,
        string kind,
        LegalHold hold,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            hold.HoldId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["tenant"] = hold.HeldTenantId == TenantScope.Platform ? null : hold.HeldTenantId.ToString("D"),
                ["rule"] = hold.Rule,
                ["article"] = hold.Article,
                ["review_date"] = NodaTime.Text.LocalDatePattern.Iso.Format(hold.ReviewDate),
            },
            cancellationToken
        );
}
