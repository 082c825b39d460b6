using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>Ends what must not go on: scans without an authorisation, leases of a revoked agent; open pushes end with them.</summary>
internal sealed class ScanStops(EvidenceLog evidence, IClock clock)
{
    /// <summary>The site may be tested less than before: without any authorisation its scans are cancelled.</summary>
    public async Task RevokedAsync(KalisecuDb db, Guid siteId, CancellationToken cancellationToken)
    {
        await ScanLeasing.LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var place = await SitePlace.FindAsync(db, siteId, now, cancellationToken);
        var tenantId = db.TenantId();
        var running = await db.Set<Scan>()
            .Where(s => s.TenantId == tenantId && s.SiteId == siteId)
            .Where(s => s.State == ScanState.Leased || s.State == ScanState.Pushing)
            .ToListAsync(cancellationToken);
        if (place is { IsOpen: true, IsTenantOpen: true, AuthorisationId: not null })
        {
            // Another authorisation covers the site: its scans go on, within the origins that are left.
            return;
        }

        foreach (var scan in running)
        {
            scan.Cancel("the authorisation of the site ended", now);
            await Revocations.PublishAsync(db, Revocations.Scan(scan.ScanId), cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, siteId, running.Count, cancellationToken);
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
