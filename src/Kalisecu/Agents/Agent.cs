using NodaTime;

namespace Kalisecu.Agents;

internal enum AgentState
{
    Waiting,
    Enrolled,
    Revoked,
}

/// <summary>An enrolled scanner machine of one tenant.</summary>
internal sealed class Agent
{
    private Agent() { }

    public Guid TenantId { get; private init; }

    public Guid AgentId { get; private init; }

    public string DisplayName { get; private init; } = "";

    public Instant CreateTime { get; private init; }

    public byte[]? EnrolmentHash { get; private set; }

    public Instant? EnrolmentExpireTime { get; private set; }

    /// <summary>Of the public key that used the token: that key alone may repeat.</summary>
    public byte[]? EnrolmentKeyDigest { get; private set; }

    public Instant? EnrolTime { get; private set; }

    public Instant? ContactTime { get; private set; }

    public string? CertificateSerial { get; private set; }

    public Instant? CertificateExpireTime { get; private set; }

    public Instant? RevokeTime { get; private set; }

    public string? RevokeReason { get; private set; }

    public AgentState State =>
        RevokeTime is not null ? AgentState.Revoked
        : EnrolTime is not null ? AgentState.Enrolled
        : AgentState.Waiting;

    public static Agent Create(Guid tenantId, Guid agentId, string displayName, EnrolmentToken token, Instant now)
    {
        var agent = new Agent
        {
            TenantId = tenantId,
            AgentId = agentId,
            DisplayName = displayName,
            CreateTime = now,
        };
        agent.ReplaceToken(token);
        return agent;
    }

    /// <summary>Sets another token; the earlier one is no longer valid.</summary>
    public void ReplaceToken(EnrolmentToken token)
    {
        DemandNotRevoked();
        EnrolmentHash = token.Hash;
        EnrolmentExpireTime = token.ExpireTime;
        EnrolmentKeyDigest = null;
    }

    /// <summary>Uses the token; the same key may do it again while the token lasts, so that a lost answer costs nothing.</summary>
    public void Enrol(byte[] tokenHash, byte[] keyDigest, Instant now)
    {
        if (
            State is AgentState.Revoked
            || EnrolmentHash is null
            || !EnrolmentHash.AsSpan().SequenceEqual(tokenHash)
            || now >= EnrolmentExpireTime
            || (EnrolmentKeyDigest is not null && !EnrolmentKeyDigest.AsSpan().SequenceEqual(keyDigest))
        )
        {
            throw AgentErrors.EnrolmentTokenNotValid();
        }

        EnrolmentKeyDigest = keyDigest;
        EnrolTime = now;
        ContactTime = now;
    }

    public void TakeCertificate(string serial, Instant expireTime)
    {
        DemandNotRevoked();
        CertificateSerial = serial;
        CertificateExpireTime = expireTime;
    }

    public void Revoke(string reason, Instant now)
    {
        DemandNotRevoked();
        RevokeTime = now;
        RevokeReason = reason;
        EnrolmentHash = null;
        EnrolmentExpireTime = null;
        EnrolmentKeyDigest = null;
    }

    private void DemandNotRevoked()
    {
        if (State is AgentState.Revoked)
        {
            throw AgentErrors.WrongState(AgentId, State);
        }
    }
}
