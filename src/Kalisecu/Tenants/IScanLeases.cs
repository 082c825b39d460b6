using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// What Tenants must know of scans without depending on them. Refuses unless the agent holds the lease
/// of this scan of this site now and an authorisation is in force.
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
