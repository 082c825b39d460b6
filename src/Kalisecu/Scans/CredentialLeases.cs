using Kalisecu.Persistence;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>Judges for the reveal of a credential whether the agent works on the site now, and may.</summary>
internal sealed class CredentialLeases : IScanLeases
{
    public async Task RequireAsync(
        KalisecuDb db,
        Guid agentId,
        Guid scanId,
        Guid siteId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.TenantId();
        var scan = await db.Set<Scan>()
            .AsNoTracking()
            .SingleOrDefaultAsync(s => s.TenantId == tenantId && s.ScanId == scanId, cancellationToken);
        if (scan is null || scan.IsFinished || scan.SiteId != siteId)
        {
            throw ScanErrors.NoLease(scanId);
        }

        scan.DemandLease(agentId, scan.LeaseId, now);

        if (await AuthorisationScope.InForceAsync(db, siteId, now, cancellationToken) is null)
        {
            throw ScanErrors.AuthorisationNotInForce(siteId);
        }
    }
}
