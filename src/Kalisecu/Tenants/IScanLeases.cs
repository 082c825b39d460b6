using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// What Tenants must know of scans without depending on them. Refuses NO_LEASE, LEASE_EXPIRED or LEASE_HELD_BY_OTHER unless the
/// agent holds the lease of this scan of this site now.
/// </summary>
internal interface IScanLeases
{
    Task RequireAsync(
        KalisecuDb db,
        Guid agentId,
        Guid scanId,
        Guid siteId,
        Instant now,
        CancellationToken cancellationToken
    );
}
