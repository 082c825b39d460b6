using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>Ends what must not go on: scans without an authorisation, leases of a revoked agent; open pushes end with them.</summary>
internal sealed class ScanStops(EvidenceLog evidence, IClock clock) : IAuthorisationObserver
{
    /// <summary>
    /// Cancels what the site's authorisations no longer cover. At a closed site nothing is scanned again, so what is due goes
    /// too; at an open one it waits for an authorisation.
    /// </summary>
    public async Task RevokedAsync(KalisecuDb db, Guid siteId, CancellationToken cancellationToken)
    {
        await ScanLeasing.LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var tenantId = db.TenantId();
        var place = await SitePlace.GetAsync(db, siteId, now, cancellationToken);
        var isClosed = !place.IsOpen || !place.IsTenantOpen;
        var scans = await db.Set<Scan>()
            .Where(s => s.TenantId == tenantId && s.SiteId == siteId)
            .Where(s =>
                s.State == ScanState.Leased || s.State == ScanState.Pushing || (isClosed && s.State == ScanState.Due)
            )
            .ToListAsync(cancellationToken);
        var count = 0;
        foreach (var scan in scans)
        {
            if (place.WhyNot(tenantId) is not null || await HasLostAsync(db, scan, now, cancellationToken))
            {
                scan.Cancel(isClosed ? "the site was closed" : "the authorisation of the site ended", now);
                await Revocations.PublishAsync(db, Revocations.Scan(scan.ScanId), cancellationToken);
                count++;
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, siteId, count, cancellationToken);
    }

    /// <summary>The agent was revoked: what it held can be taken by others at once.</summary>
    public async Task EndLeasesOfAsync(KalisecuDb db, Guid agentId, CancellationToken cancellationToken)
    {
        await ScanLeasing.LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var tenantId = db.TenantId();
        var held = await db.Set<Scan>()
            .Where(s => s.TenantId == tenantId && s.AgentId == agentId)
            .Where(s => s.State == ScanState.Leased || s.State == ScanState.Pushing)
            .ToListAsync(cancellationToken);
        foreach (var scan in held)
        {
            scan.TakeBack("the agent was revoked", now);
            await Revocations.PublishAsync(db, Revocations.Scan(scan.ScanId), cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    // Its agent was told the origins of when it was leased: one of them less, and it may be testing what nobody allows.
    private static async Task<bool> HasLostAsync(
        KalisecuDb db,
        Scan scan,
        Instant now,
        CancellationToken cancellationToken
    ) =>
        await AuthorisationScope.LostSinceAsync(db, scan.SiteId, scan.LeaseTime ?? now, now, cancellationToken)
            is not [];

    private async Task RecordAsync(KalisecuDb db, Guid siteId, int count, CancellationToken cancellationToken)
    {
        if (count > 0)
        {
            await evidence.AppendAsync(
                db,
                "scans.stopped",
                siteId,
                "platform",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["scan_count"] = count },
                cancellationToken
            );
        }
    }
}
