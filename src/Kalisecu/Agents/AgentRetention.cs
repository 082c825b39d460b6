using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Agents;

/// <summary>Scanner machines are part of the service: they go with the client.</summary>
internal sealed class AgentRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("agents", 1, RetentionRule.Contract, CalendarPeriod.ClientData, "the subscription ended", "agents")
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "agent_id"],
        },
    ];
}
