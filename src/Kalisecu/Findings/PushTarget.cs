using Kalisecu.Tenants;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>What one stream pushes: fixed when it opened.</summary>
internal sealed record PushTarget(
    Guid TenantId,
    Guid ScanId,
    Guid PushId,
    Guid SiteId,
    string Tool,
    string Actor,
    Instant Time,
    V1.PushOpen Open,
    string CatalogueVersion,
    AuthorisedScope Scope
)
{
    /// <summary>Rules that the agent's catalogue names otherwise: it renames them and opens anew.</summary>
    public IReadOnlyList<RenamedRule> Renamed { get; init; } = [];

    /// <summary>The same digest as the last completed scan, nothing left over since.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>Something of this site and tool is open: ids first.</summary>
    public bool NeedsIds { get; init; }

    /// <summary>An earlier stream of this scan may have left something.</summary>
    public bool IsResumed { get; init; }
}
