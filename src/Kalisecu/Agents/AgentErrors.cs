using Grpc.Core;
using Kalisecu.Errors;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Agents;

internal static class AgentErrors
{
    /// <summary>Unknown, used, replaced and expired look alike.</summary>
    public static Refusal EnrolmentTokenNotValid() =>
        new(
            StatusCode.Unauthenticated,
            Reason.EnrolmentTokenNotValid,
            "This enrolment token is unknown, used, replaced or expired: ask for a new one."
        );

    public static Refusal CertificateRequestNotValid(string problem) =>
        new(
            StatusCode.InvalidArgument,
            Reason.CertificateRequestNotValid,
            $"The certificate request cannot be accepted ({problem}): send PKCS #10 in DER, signed with its own ECDSA P-256 key."
        );

    public static Refusal WrongState(Guid agentId, AgentState state) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.AgentState,
            $"The agent is {state.ToString().ToLowerInvariant()}: this cannot be done with it any more.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["agent_id"] = agentId.ToString("D"),
                ["state"] = state.ToString().ToUpperInvariant(),
            }
        );

    public static Refusal NameInUse(Guid agentId) =>
        new(
            StatusCode.AlreadyExists,
            Reason.AgentNameInUse,
            "Another agent has this name: choose another, or revoke that agent.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["agent_id"] = agentId.ToString("D") }
        );
}
