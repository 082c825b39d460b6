using NodaTime;

namespace Kalisecu.Findings;

/// <summary>What a person proposes about a finding, known to be valid.</summary>
internal sealed record DismissalDraft(DismissalKind Kind, string Justification, Instant? ExpireTime);
