using Grpc.Core;
using Kalisecu.Hosting;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Agents;

internal sealed class EnrolmentService(EnrolAgent enrolAgent, ServerSettings settings, ILogger<EnrolmentService> log)
    : V1.EnrolmentService.EnrolmentServiceBase
{
    public override async Task<V1.EnrolAgentResponse> EnrolAgent(
        V1.EnrolAgentRequest request,
        ServerCallContext context
    )
    {
        var (token, draft) = AgentProto.Read(request);
        var (agent, certificate) = await enrolAgent.RunAsync(token, draft, log, context.CancellationToken);
        return new V1.EnrolAgentResponse
        {
            AgentId = agent.AgentId.ToString("D"),
            TenantId = agent.TenantId.ToString("D"),
            DisplayName = agent.DisplayName,
            Certificate = certificate,
            TrustDomain = settings.TrustDomain,
        };
    }
}
