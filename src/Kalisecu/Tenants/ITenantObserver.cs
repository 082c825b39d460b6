using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

/// <summary>
/// Hears in the same transaction that a tenant closes, and ends what still works for it: agents, sessions. Scans hear of each
/// site through <see cref="IAuthorisationObserver"/>.
/// </summary>
internal interface ITenantObserver
{
    Task ClosedAsync(KalisecuDb db, Guid tenantId, CancellationToken cancellationToken);
}
