using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>
/// The one place where a transaction sees the rows of persons whose processing is restricted. GDPR art. 18(2) leaves storing
/// them, the person's own rights, legal claims and the protection of others: whoever asks for this works for one of those.
/// </summary>
internal sealed class RestrictedRows(TenantDatabase database)
{
    /// <summary>In one tenant; <see cref="TenantScope.Platform"/> for staff, prospects and contacts without tenant.</summary>
    public Task<T> InTenantAsync<T>(
        Guid tenantId,
        Func<KalisecuDb, Task<T>> work,
        CancellationToken cancellationToken
    ) => database.RunAsync(TenantScope.One(tenantId).WithRestricted(), work, cancellationToken);

    /// <summary>In all tenants, within what their policies allow platform-wide work: to find whom a request is about.</summary>
    public Task<T> InAllTenantsAsync<T>(Func<KalisecuDb, Task<T>> work, CancellationToken cancellationToken) =>
        database.RunAsync(TenantScope.Everybody().WithRestricted(), work, cancellationToken);

    /// <summary>For statements that the mapper cannot say: an open transaction of this tenant on a raw connection.</summary>
    public Task<TenantConnection> OpenAsync(Guid tenantId, CancellationToken cancellationToken) =>
        database.OpenAsync(TenantScope.One(tenantId).WithRestricted(), cancellationToken);

    /// <summary>For reads that share trips (<see cref="TenantReads"/>) and must know that somebody is restricted.</summary>
    public static TenantScope ForSharedReads(Guid tenantId) => TenantScope.One(tenantId).WithRestricted();

    /// <summary>A raw connection in all tenants: to know whom not to write to.</summary>
    public Task<TenantConnection> OpenInAllTenantsAsync(CancellationToken cancellationToken) =>
        database.OpenAsync(TenantScope.Everybody().WithRestricted(), cancellationToken);
}
