using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>
/// The one place where work crosses tenants: signing in (whose tenant is not known yet), identifying an agent by its
/// certificate, listing tenants for staff. Policies allow it on those few tables only; findings, evidence of clients,
/// reports and credentials stay out of its reach.
/// </summary>
internal sealed class AllTenants(TenantDatabase database)
{
    public Task<T> RunAsync<T>(Func<KalisecuDb, Task<T>> work, CancellationToken cancellationToken) =>
        database.RunAsync(TenantScope.Everybody(), work, cancellationToken);
}
