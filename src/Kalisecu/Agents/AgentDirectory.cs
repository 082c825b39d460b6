using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;

namespace Kalisecu.Agents;

/// <summary>What the edge must know of an agent whose certificate was presented.</summary>
internal sealed record AgentIdentity(Guid AgentId, Guid TenantId, bool IsRevoked);

/// <summary>Answers whose agent a certificate names and whether it still may work; remembered for seconds, ended at once.</summary>
internal sealed class AgentDirectory(AllTenants allTenants, Revocations revocations) : IDisposable
{
    // The longest that a revocation could go unheard while the listener reconnects.
    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async ValueTask<AgentIdentity?> FindAsync(Guid agentId, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue<AgentIdentity>(agentId, out var known))
        {
            return known;
        }

        var watch = revocations.Watch(Revocations.Agent(agentId));
        var agent = await allTenants.RunAsync(
            db =>
                db.Set<Agent>()
                    .AsNoTracking()
                    .Where(a => a.AgentId == agentId)
                    .Select(a => new AgentIdentity(a.AgentId, a.TenantId, a.RevokeTime != null))
                    .SingleOrDefaultAsync(cancellationToken),
            cancellationToken
        );
        if (agent is not null)
        {
            using var entry = _cache.CreateEntry(agentId);
            entry.Value = agent;
            entry.Size = 1;
            entry.AbsoluteExpirationRelativeToNow = RememberFor;
            entry.ExpirationTokens.Add(new CancellationChangeToken(watch));
        }

        return agent;
    }

    public void Dispose() => _cache.Dispose();
}
