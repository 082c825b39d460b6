using Kalisecu.Errors;

namespace Kalisecu.Agents;

/// <summary>Wire to domain and back.</summary>
internal static class AgentProto
{
    public static string ReadName(V1.CreateAgentRequest request)
    {
        var violations = new Violations();
        var name = Fields.Text(request.DisplayName, "display_name", 1, 100, violations);
        violations.ThrowIfAny();
        return name;
    }

    public static (Guid AgentId, string Reason) Read(V1.RevokeAgentRequest request)
    {
        var violations = new Violations();
        var agentId = Fields.Id(request.AgentId, "agent_id", violations);
        var reason = Fields.Text(request.Reason, "reason", 1, 500, violations);
        violations.ThrowIfAny();
        return (agentId, reason);
    }

    public static Guid ReadId(string agentId)
    {
        var violations = new Violations();
        var id = Fields.Id(agentId, "agent_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static (string Token, CertificateRequestDraft Request) Read(V1.EnrolAgentRequest request)
    {
        var violations = new Violations();
        violations.Check(request.Token.Length is >= 1 and <= 200, "token", "must have 1 to 200 characters");
        var draft = CertificateRequestDraft.Read(request.CertificateSigningRequest, violations);
        violations.ThrowIfAny();
        return (request.Token, draft);
    }

    public static CertificateRequestDraft Read(V1.RenewCertificateRequest request)
    {
        var violations = new Violations();
        var draft = CertificateRequestDraft.Read(request.CertificateSigningRequest, violations);
        violations.ThrowIfAny();
        return draft;
    }

    public static AgentState Read(V1.AgentState state, string field, Violations violations)
    {
        switch (state)
        {
            case V1.AgentState.Waiting:
                return AgentState.Waiting;
            case V1.AgentState.Enrolled:
                return AgentState.Enrolled;
            case V1.AgentState.Revoked:
                return AgentState.Revoked;
            default:
                violations.Add(field, "must name a state");
                return AgentState.Waiting;
        }
    }

    public static V1.Agent Write(Agent agent) =>
        new()
        {
            AgentId = agent.AgentId.ToString("D"),
            DisplayName = agent.DisplayName,
            State = agent.State switch
            {
                AgentState.Waiting => V1.AgentState.Waiting,
                AgentState.Enrolled => V1.AgentState.Enrolled,
                AgentState.Revoked => V1.AgentState.Revoked,
                _ => throw new ArgumentOutOfRangeException(nameof(agent), agent.State, "no such state"),
            },
            CreateTime = Fields.Write(agent.CreateTime),
            EnrolTime = agent.EnrolTime is { } enrolled ? Fields.Write(enrolled) : null,
            ContactTime = agent.ContactTime is { } contact ? Fields.Write(contact) : null,
            CertificateExpireTime = agent.CertificateExpireTime is { } expire ? Fields.Write(expire) : null,
            RevokeTime = agent.RevokeTime is { } revoked ? Fields.Write(revoked) : null,
            RevokeReason = agent.RevokeReason ?? "",
        };

    public static V1.EnrolmentToken Write(EnrolmentToken token) =>
        new() { Token = token.Text, ExpireTime = Fields.Write(token.ExpireTime) };
}
