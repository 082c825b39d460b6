using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

/// <summary>
/// Hears in the same transaction that a site may be tested less than before: an authorisation was revoked, the site or its
/// tenant closed. Asks what is left and ends what it does not cover.
/// </summary>
internal interface IAuthorisationObserver
{
    Task RevokedAsync(KalisecuDb db, Guid siteId, CancellationToken cancellationToken);
}
