using Grpc.Core;
using NodaTime;

namespace Kalisecu.Errors;

/// <summary>
/// An answer of "no" that the caller can act on. Only the factories in <c>*Errors.cs</c> make one, each for exactly one
/// catalogued reason; everything else that is thrown is our fault and is answered INTERNAL, with nothing but the name under
/// which the log has it.
/// </summary>
internal sealed class Refusal : Exception
{
    public Refusal(
        StatusCode status,
        V1.ErrorReason reason,
        string message,
        IReadOnlyDictionary<string, string>? metadata = null,
        IReadOnlyList<Violation>? violations = null,
        Duration? retryAfter = null
    )
        : base(message)
    {
        Status = status;
        Reason = reason;
        Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Violations = violations ?? [];
        RetryAfter = retryAfter;
    }

    public StatusCode Status { get; }

    public V1.ErrorReason Reason { get; }

    /// <summary>Facts for programs, with the keys that the catalogue names for this reason.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The request fields that break a rule; empty unless the request itself is wrong.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>How long to wait before another try makes sense; null when waiting does not help.</summary>
    public Duration? RetryAfter { get; }
}

/// <summary>One request field and the rule that it breaks.</summary>
internal sealed record Violation(string Field, string Description);
