using NodaTime;

namespace Kalisecu.Agents;

/// <summary>An enrolled scanner machine of one tenant.</summary>
internal sealed class Agent
{
    private Agent() { }

    public Guid TenantId { get; private init; }

    public Guid AgentId { get; private init; }

    public string DisplayName { get; private set; } = "";

    public Instant CreateTime { get; private init; }

    public Instant? RevokeTime { get; private set; }
}
