using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>Closes a tenant: everything that works for it ends, everything it has stays until its retention ends.</summary>
internal sealed class CloseTenant(
    IEnumerable<ITenantObserver> tenantObservers,
    IEnumerable<IAuthorisationObserver> authorisationObservers,
    EvidenceLog evidence,
    IClock clock
)
{
    public async Task<Tenant> RunAsync(
        KalisecuDb db,
        Tenant tenant,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        tenant.Close(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        var sites = await db.Set<Site>()
            .Where(s => s.TenantId == tenant.TenantId && s.State == SiteState.Open)
            .Select(s => s.SiteId)
            .ToListAsync(cancellationToken);
        foreach (var site in sites)
        {
            foreach (var observer in authorisationObservers)
            {
                await observer.RevokedAsync(db, site, cancellationToken);
            }
        }

        // After the sites: their scans are cancelled, rather than taken back from revoked agents.
        foreach (var observer in tenantObservers)
        {
            await observer.ClosedAsync(db, tenant.TenantId, cancellationToken);
        }

        // The reason may name people: evidence keeps its digest, enough to show later which text was given.
        await evidence.AppendAsync(
            db,
            "tenant.closed",
            tenant.TenantId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["open_site_count"] = sites.Count,
                ["reason_digest"] = Digests.OfText(reason),
            },
            cancellationToken
        );
        return tenant;
    }
}
