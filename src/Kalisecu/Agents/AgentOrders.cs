using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Agents;

/// <summary>What staff and operators do with agents.</summary>
internal sealed class AgentOrders(ServerSettings settings, ScanStops stops, EvidenceLog evidence, IClock clock)
    : ITenantObserver
{
    private Duration TokenValidity => Duration.FromHours(settings.Agents.EnrolmentTokenHours);

    public async Task<(Agent Agent, EnrolmentToken Token)> CreateAsync(
        KalisecuDb db,
        string displayName,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.TenantId();
        await OpenTenant.RequireAsync(db, cancellationToken);
        var inUse = await db.Set<Agent>()
            .Where(a => a.TenantId == tenantId && a.DisplayName == displayName && a.RevokeTime == null)
            .Select(a => (Guid?)a.AgentId)
            .SingleOrDefaultAsync(cancellationToken);
        if (inUse is { } other)
        {
            throw AgentErrors.NameInUse(other);
        }

        var now = clock.GetCurrentInstant();
        var token = EnrolmentToken.Make(now, TokenValidity);
        var agent = Agent.Create(tenantId, Ids.New(now), displayName, token, now);
        db.Add(agent);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "agent.created", agent, actor, cancellationToken);
        return (agent, token);
    }

    public async Task<(Agent Agent, EnrolmentToken Token)> ReissueTokenAsync(
        KalisecuDb db,
        Guid agentId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var agent = await LockAsync(db, agentId, cancellationToken);
        var token = EnrolmentToken.Make(clock.GetCurrentInstant(), TokenValidity);
        agent.ReplaceToken(token);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "agent.token_reissued", agent, actor, cancellationToken);
        return (agent, token);
    }

    /// <summary>Ends the agent for good: its calls and streams at once, its leases with them.</summary>
    public async Task<Agent> RevokeAsync(
        KalisecuDb db,
        Guid agentId,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        // Closing the tenant takes the leases before the agents: the two must not wait for each other.
        await OpenTenant.HoldAsync(db, cancellationToken);
        return await EndAsync(db, agentId, reason, actor, cancellationToken);
    }

    public async Task ClosedAsync(KalisecuDb db, Guid tenantId, CancellationToken cancellationToken)
    {
        var agents = await db.Set<Agent>()
            .Where(a => a.TenantId == tenantId && a.RevokeTime == null)
            .OrderBy(a => a.AgentId)
            .Select(a => a.AgentId)
            .ToListAsync(cancellationToken);
        foreach (var agent in agents)
        {
            await EndAsync(db, agent, "the tenant was closed", "platform", cancellationToken);
        }
    }

    private async Task<Agent> EndAsync(
        KalisecuDb db,
        Guid agentId,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var agent = await LockAsync(db, agentId, cancellationToken);
        agent.Revoke(reason, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await stops.EndLeasesOfAsync(db, agentId, cancellationToken);
        await Revocations.PublishAsync(db, Revocations.Agent(agentId), cancellationToken);
        await RecordAsync(db, "agent.revoked", agent, actor, cancellationToken);
        return agent;
    }

    public static async Task<Agent> FindAsync(KalisecuDb db, Guid agentId, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();
        return await db.Set<Agent>()
                .SingleOrDefaultAsync(a => a.TenantId == tenantId && a.AgentId == agentId, cancellationToken)
            ?? throw GeneralErrors.NotFound("agent", agentId);
    }

    /// <summary>The agent, and nobody else changes it meanwhile: a token is used once, a revocation is not overwritten.</summary>
    public static async Task<Agent> LockAsync(KalisecuDb db, Guid agentId, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();

        // The mapper cannot say "for update".
        return await db.Set<Agent>()
                .FromSql(
                    $"""
                    select tenant_id, agent_id, display_name, create_time, enrolment_hash, enrolment_expire_time,
                        enrolment_key_digest, enrol_time, contact_time, certificate_serial, certificate_expire_time,
                        revoke_time, revoke_reason
                    from agents where tenant_id = {tenantId} and agent_id = {agentId} for update
                    """
                )
                .SingleOrDefaultAsync(cancellationToken)
            ?? throw GeneralErrors.NotFound("agent", agentId);
    }

    /// <summary>Notes that the agent called, to the minute: more would write a row at every call.</summary>
    public static Task<int> TouchAsync(KalisecuDb db, Guid agentId, Instant now, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();
        var before = now - Duration.FromMinutes(1);
        return db.Set<Agent>()
            .Where(a => a.TenantId == tenantId && a.AgentId == agentId)
            .Where(a => a.ContactTime == null || a.ContactTime < before)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.ContactTime, now), cancellationToken);
    }

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        Agent agent,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            agent.AgentId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["state"] = agent.State.ToString() },
            cancellationToken
        );
}
