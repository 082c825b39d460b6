using Microsoft.Extensions.Logging;

namespace Kalisecu.Tenants;

internal static partial class TenantLog
{
    [LoggerMessage(4001, LogLevel.Information, "Tenant {TenantId} was created")]
    public static partial void Created(ILogger log, string tenantId);

    [LoggerMessage(4002, LogLevel.Information, "Tenant {TenantId} was closed")]
    public static partial void Closed(ILogger log, string tenantId);

    [LoggerMessage(4003, LogLevel.Information, "A credential of site {SiteId} was revealed to {Actor}")]
    public static partial void CredentialRevealed(ILogger log, Guid siteId, string actor);
}
