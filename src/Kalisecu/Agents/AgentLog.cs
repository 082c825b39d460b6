using Microsoft.Extensions.Logging;

namespace Kalisecu.Agents;

internal static partial class AgentLog
{
    [LoggerMessage(5001, LogLevel.Information, "Agent {AgentId} of tenant {TenantId} enrolled")]
    public static partial void Enrolled(ILogger log, Guid agentId, Guid tenantId);

    [LoggerMessage(5002, LogLevel.Warning, "An enrolment was refused: its token is not valid")]
    public static partial void EnrolmentRefused(ILogger log);

    [LoggerMessage(5003, LogLevel.Information, "Agent {AgentId} renewed its certificate")]
    public static partial void Renewed(ILogger log, Guid agentId);
}
