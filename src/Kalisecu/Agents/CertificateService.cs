using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Scans;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Agents;

internal sealed class CertificateService(
    Calls calls,
    AgentCertificates certificates,
    IClock clock,
    ILogger<CertificateService> log
) : V1.CertificateService.CertificateServiceBase
{
    public override async Task<V1.RenewCertificateResponse> RenewCertificate(
        V1.RenewCertificateRequest request,
        ServerCallContext context
    )
    {
        var draft = AgentProto.Read(request);
        var agentId = Caller.Of(context).DemandAgent();
        var response = await calls.ReadAsync(
            context,
            async db =>
            {
                await OpenTenant.RequireAsync(db, context.CancellationToken);
                var agent = await AgentOrders.LockAsync(db, agentId, context.CancellationToken);
                if (agent.State is AgentState.Revoked)
                {
                    throw AccessErrors.AgentRevoked();
                }

                var certificate = certificates.Issue(agent, draft, clock.GetCurrentInstant());
                await db.SaveChangesAsync(context.CancellationToken);
                return new V1.RenewCertificateResponse { Certificate = certificate };
            }
        );
        AgentLog.Renewed(log, agentId);
        return response;
    }
}

internal static class AgentCallers
{
    /// <summary>The calling agent; the access rule lets nobody else in.</summary>
    public static Guid DemandAgent(this Caller caller) =>
        caller.AgentId ?? throw new InvalidOperationException("The caller is no agent.");
}
