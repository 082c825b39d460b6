using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>What an entry will say, before it has its place in a chain.</summary>
internal sealed record AccessDraft(
    Guid TenantId,
    Instant AccessTime,
    long DurationMicros,
    string CallerKind,
    string CallerName,
    Guid? PersonId,
    string? Role,
    Guid? SessionId,
    string Method,
    string Objects,
    AccessOutcome Outcome,
    string Reason
);
