using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>How a logged call ended.</summary>
internal enum AccessOutcome
{
    Allowed,

    /// <summary>With a catalogued reason: the caller may not, or not that.</summary>
    Refused,

    /// <summary>A fault of ours, or the caller went away.</summary>
    Failed,
}

/// <summary>One link of a writer's chain: who called what, on whose data, and how it ended. It holds no contents.</summary>
internal sealed class AccessEntry
{
    /// <summary>The identifier of all ones for calls that belong to no tenant.</summary>
    public Guid TenantId { get; init; }

    /// <summary>When it was written; never earlier than the entry before it. It decides the month.</summary>
    public Instant EntryTime { get; init; }

    /// <summary>One chain of one process.</summary>
    public Guid WriterId { get; init; }

    public long Sequence { get; init; }

    /// <summary>When the call came in.</summary>
    public Instant AccessTime { get; init; }

    public long DurationMicros { get; init; }

    public string CallerKind { get; init; } = "";

    public string CallerName { get; init; } = "";

    public Guid? PersonId { get; init; }

    public string? Role { get; init; }

    public Guid? SessionId { get; init; }

    public string Method { get; init; } = "";

    /// <summary>Kinds and identifiers, such as <c>site:018f… finding:018f…</c>.</summary>
    public string Objects { get; init; } = "";

    public AccessOutcome Outcome { get; init; }

    public string Reason { get; init; } = "";

    public byte[] PreviousHash { get; init; } = [];

    public byte[] Hash { get; init; } = [];
}
