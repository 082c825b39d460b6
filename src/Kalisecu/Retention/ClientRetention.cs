using Kalisecu.Persistence;
using Kalisecu.Tenants;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>When the data of a client goes, and what it chose.</summary>
internal sealed record ClientRetention(Tenant Tenant, ClientArchive? Archive, bool IsHeld)
{
    /// <summary>The last day on the dashboard; null while the contract runs.</summary>
    public LocalDate? LastDate => Ended is { } ended ? CalendarPeriod.TechnicalData.LastDay(ended) : null;

    /// <summary>The day in whose first hours it goes.</summary>
    public LocalDate? DeleteDate => Ended is { } ended ? CalendarPeriod.TechnicalData.GoesOn(ended) : null;

    private LocalDate? Ended => Tenant.CloseTime is { } closed ? Paris.DateOf(closed) : null;

    public bool IsOver(Instant now) => DeleteDate is { } date && now >= Paris.StartOf(date);

    public static async Task<ClientRetention> OfAsync(
        KalisecuDb db,
        Guid tenantId,
        CancellationToken cancellationToken
    ) =>
        new(
            await db.Set<Tenant>().AsNoTracking().SingleAsync(t => t.TenantId == tenantId, cancellationToken),
            await db.Set<ClientArchive>()
                .AsNoTracking()
                .SingleOrDefaultAsync(a => a.TenantId == tenantId, cancellationToken),
            await db.Set<LegalHold>()
                .AnyAsync(h => h.HeldTenantId == tenantId && h.ReleaseTime == null, cancellationToken)
        );

    /// <summary>Those that go until the end of a day, the next first.</summary>
    public static async Task<List<ClientRetention>> UntilAsync(
        KalisecuDb db,
        Instant endedBefore,
        int limit,
        CancellationToken cancellationToken
    )
    {
#pragma warning disable VSTHRD103 // Both become parts of the one statement.
        var rows = await (
            from t in db.Set<Tenant>().AsNoTracking()
            where t.State == TenantState.Closed && t.ForgetTime == null && t.CloseTime < endedBefore
            orderby t.CloseTime, t.TenantId
            select new
            {
                Tenant = t,
                Archive = db.Set<ClientArchive>().SingleOrDefault(a => a.TenantId == t.TenantId),
                IsHeld = db.Set<LegalHold>().Any(h => h.HeldTenantId == t.TenantId && h.ReleaseTime == null),
            }
        )
            .Take(limit)
            .ToListAsync(cancellationToken);
#pragma warning restore VSTHRD103
        return [.. rows.Select(r => new ClientRetention(r.Tenant, r.Archive, r.IsHeld))];
    }
}
