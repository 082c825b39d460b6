using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>The sites of a tenant, and the changes that are more than a change of one row.</summary>
internal sealed class Sites(IEnumerable<IAuthorisationObserver> observers, EvidenceLog evidence, IClock clock)
{
    public static async Task<Site> FindAsync(KalisecuDb db, Guid siteId, CancellationToken cancellationToken)
    {
        var tenantId = db.Scope?.TenantId;
        return await db.Set<Site>()
                .SingleOrDefaultAsync(s => s.TenantId == tenantId && s.SiteId == siteId, cancellationToken)
            ?? throw GeneralErrors.NotFound("site", siteId);
    }

    /// <summary>Refuses SITE_CLOSED and TENANT_CLOSED; neither can close before the change has committed.</summary>
    public static async Task<Site> FindOpenAsync(KalisecuDb db, Guid siteId, CancellationToken cancellationToken)
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var tenantId = db.Scope?.TenantId;

        // The mapper cannot say "for share".
        var site =
            await db.Set<Site>()
                .FromSql(
                    $"""
                    select tenant_id, site_id, display_name, url, technologies, state, create_time, close_time, xmin
                    from sites where tenant_id = {tenantId} and site_id = {siteId} for share
                    """
                )
                .SingleOrDefaultAsync(cancellationToken)
            ?? throw GeneralErrors.NotFound("site", siteId);
        site.RequireOpen();
        return site;
    }

    public async Task<Site> CreateAsync(
        KalisecuDb db,
        Guid tenantId,
        SiteDraft draft,
        CancellationToken cancellationToken
    )
    {
        // Locked, so that of two sites with the same URL the second sees the first.
        await OpenTenant.LockAsync(db, cancellationToken);
        var existing = await db.Set<Site>()
            .Where(s => s.TenantId == tenantId && s.Url == draft.Url && s.State == SiteState.Open)
            .Select(s => (Guid?)s.SiteId)
            .SingleOrDefaultAsync(cancellationToken);
        if (existing is { } siteId)
        {
            throw SiteErrors.Exists(siteId);
        }

        var site = Site.Create(tenantId, draft, clock.GetCurrentInstant());
        db.Add(site);
        await db.SaveChangesAsync(cancellationToken);
        return site;
    }

    public async Task<Site> CloseAsync(KalisecuDb db, Guid siteId, string actor, CancellationToken cancellationToken)
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var site = await FindAsync(db, siteId, cancellationToken);
        site.Close(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        foreach (var observer in observers)
        {
            await observer.RevokedAsync(db, siteId, cancellationToken);
        }

        await evidence.AppendAsync(
            db,
            "site.closed",
            siteId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal),
            cancellationToken
        );
        return site;
    }
}
