using Grpc.Core;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime.Text;

namespace Kalisecu.Agents;

internal sealed class AgentService(Calls calls, AgentOrders orders) : V1.AgentService.AgentServiceBase
{
    public override Task<V1.CreateAgentResponse> CreateAgent(
        V1.CreateAgentRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var name = AgentProto.ReadName(request);
                var actor = Caller.Of(context).Actor;
                var (agent, token) = await orders.CreateAsync(db, name, actor, context.CancellationToken);
                return new V1.CreateAgentResponse
                {
                    Agent = AgentProto.Write(agent),
                    EnrolmentToken = AgentProto.Write(token),
                };
            }
        );

    public override Task<V1.GetAgentResponse> GetAgent(V1.GetAgentRequest request, ServerCallContext context)
    {
        var agentId = AgentProto.ReadId(request.AgentId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var agent = await AgentOrders.FindAsync(db, agentId, context.CancellationToken);
                return new V1.GetAgentResponse { Agent = AgentProto.Write(agent) };
            }
        );
    }

    public override Task<V1.ListAgentsResponse> ListAgents(V1.ListAgentsRequest request, ServerCallContext context)
    {
        var filter = AgentFilter.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var agents = await filter.Apply(db).ToListAsync(context.CancellationToken);
                var response = new V1.ListAgentsResponse();
                response.Agents.AddRange(agents.Take(filter.Page.Size).Select(AgentProto.Write));
                response.NextPageToken = PageKeys.Next(
                    filter.Page,
                    agents,
                    last => [InstantPattern.ExtendedIso.Format(last.CreateTime), last.AgentId.ToString("D")]
                );

                return response;
            }
        );
    }

    public override Task<V1.RevokeAgentResponse> RevokeAgent(
        V1.RevokeAgentRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var (agentId, reason) = AgentProto.Read(request);
                var actor = Caller.Of(context).Actor;
                var agent = await orders.RevokeAsync(db, agentId, reason, actor, context.CancellationToken);
                return new V1.RevokeAgentResponse { Agent = AgentProto.Write(agent) };
            }
        );

    public override Task<V1.ReissueEnrolmentTokenResponse> ReissueEnrolmentToken(
        V1.ReissueEnrolmentTokenRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var agentId = AgentProto.ReadId(request.AgentId);
                var actor = Caller.Of(context).Actor;
                var (agent, token) = await orders.ReissueTokenAsync(db, agentId, actor, context.CancellationToken);
                return new V1.ReissueEnrolmentTokenResponse
                {
                    Agent = AgentProto.Write(agent),
                    EnrolmentToken = AgentProto.Write(token),
                };
            }
        );
}
