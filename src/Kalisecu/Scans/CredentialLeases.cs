using Kalisecu.Persistence;
using Kalisecu.Tenants;
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
        if (!await ScanLeases.HoldsAsync(db, agentId, scanId, siteId, now, cancellationToken))
        {
            throw ScanErrors.NoLease(scanId);
        }

        if (await AuthorisationScope.InForceAsync(db, siteId, now, cancellationToken) is null)
        {
            throw ScanErrors.AuthorisationNotInForce(siteId);
        }
    }
}
