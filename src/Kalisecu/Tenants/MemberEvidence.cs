using Kalisecu.Evidence;
using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

/// <summary>What the evidence keeps of a membership: that it began and ended, never whose.</summary>
internal sealed class MemberEvidence(EvidenceLog evidence)
{
    public Task InvitedAsync(KalisecuDb db, Member member, string actor, CancellationToken cancellationToken) =>
        evidence.AppendAsync(
            db,
            "member.invited",
            member.MemberId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["role"] = member.Role.ToString() },
            cancellationToken
        );

    public Task RemovedAsync(KalisecuDb db, Member member, string actor, CancellationToken cancellationToken) =>
        evidence.AppendAsync(
            db,
            "member.removed",
            member.MemberId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal),
            cancellationToken
        );
}
