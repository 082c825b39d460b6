using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Agents;

/// <summary>Turns a token and a certificate request into an agent, once.</summary>
internal sealed class EnrolAgent(
    AllTenants allTenants,
    TenantDatabase database,
    AgentCertificates certificates,
    EvidenceLog evidence,
    IClock clock
)
{
    public async Task<(Agent Agent, V1.IssuedCertificate Certificate)> RunAsync(
        string token,
        CertificateRequestDraft request,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var hash = EnrolmentToken.HashOf(token);
        var found = await allTenants.RunAsync(
            db =>
                db.Set<Agent>()
                    .AsNoTracking()
                    .Where(a => a.EnrolmentHash == hash)
                    .Select(a => new { a.TenantId, a.AgentId })
                    .SingleOrDefaultAsync(cancellationToken),
            cancellationToken
        );
        if (found is null)
        {
            AgentLog.EnrolmentRefused(log);
            throw AgentErrors.EnrolmentTokenNotValid();
        }

        var enrolled = await database.InTenantAsync(
            found.TenantId,
            db => EnrolAsync(db, found.AgentId, hash, request, cancellationToken),
            cancellationToken
        );
        AgentLog.Enrolled(log, found.AgentId, found.TenantId);
        return enrolled;
    }

    private async Task<(Agent Agent, V1.IssuedCertificate Certificate)> EnrolAsync(
        KalisecuDb db,
        Guid agentId,
        byte[] hash,
        CertificateRequestDraft request,
        CancellationToken cancellationToken
    )
    {
        var agent = await AgentOrders.LockAsync(db, agentId, cancellationToken);
        var now = clock.GetCurrentInstant();
        agent.Enrol(hash, request.KeyDigest, now);
        var certificate = certificates.Issue(agent, request, now);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "agent.enrolled",
            agentId,
            $"agent:{agentId:D}",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["certificate_serial"] = agent.CertificateSerial,
                ["key_digest"] = Convert.ToHexStringLower(request.KeyDigest),
            },
            cancellationToken
        );
        return (agent, certificate);
    }
}
