using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace Kalisecu.Tenants;

/// <summary>Answers whether a tenant that somebody named exists. Tenants are closed, never unmade: a found one is remembered.</summary>
internal sealed class TenantDirectory(TenantDatabase database) : IDisposable
{
    private static readonly object Found = new();

    // All tenants of one process's day; beyond it the least used are asked for again.
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async ValueTask<bool> ExistsAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(tenantId, out _))
        {
            return true;
        }

        var exists = await database.InTenantAsync(
            tenantId,
            db => db.Set<Tenant>().AnyAsync(t => t.TenantId == tenantId, cancellationToken),
            cancellationToken
        );
        if (exists)
        {
            _cache.Set(tenantId, Found, new MemoryCacheEntryOptions { Size = 1 });
        }

        return exists;
    }

    public void Dispose() => _cache.Dispose();
}
