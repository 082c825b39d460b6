using Grpc.Core;
using NodaTime;

namespace Kalisecu.Errors;

/// <summary>Reasons that every capability shares.</summary>
internal static class GeneralErrors
{
    // A database that fails over is back in seconds; clients that ask sooner only queue.
    private static readonly Duration UnavailableFor = Duration.FromSeconds(2);

    public static Refusal InvalidRequest(IReadOnlyList<Violation> violations) =>
        new(
            StatusCode.InvalidArgument,
            V1.ErrorReason.InvalidRequest,
            "The request breaks these rules: "
                + string.Join("; ", violations.Select(v => $"{v.Field} {v.Description}")),
            violations: violations
        );

    /// <summary>Absent, or another tenant's: the same words for both, so that nobody learns what exists elsewhere.</summary>
    public static Refusal NotFound(string what, Guid id) =>
        new(
            StatusCode.NotFound,
            V1.ErrorReason.NotFound,
            $"There is no {what} with this identifier in your reach.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = what, ["id"] = id.ToString("D") }
        );

    public static Refusal ChangedSinceRead(string what) =>
        new(
            StatusCode.Aborted,
            V1.ErrorReason.ChangedSinceRead,
            $"The {what} has changed since you read it: read it again and repeat your change.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = what }
        );

    public static Refusal RequestIdReused(string requestId) =>
        new(
            StatusCode.InvalidArgument,
            V1.ErrorReason.RequestIdReused,
            "This request_id was used for a request with other content: use a fresh one for each change.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["request_id"] = requestId }
        );

    public static Refusal PageTokenInvalid() =>
        new(
            StatusCode.InvalidArgument,
            V1.ErrorReason.PageTokenInvalid,
            "The page_token belongs to no page of this list with these filters: start again without one."
        );

    public static Refusal LimitExceeded(string limit, Duration retryAfter) =>
        new(
            StatusCode.ResourceExhausted,
            V1.ErrorReason.LimitExceeded,
            $"Too much at once ({limit}): wait and try again.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["limit"] = limit },
            retryAfter: retryAfter
        );

    /// <summary>How a fault of ours is told: by nothing but the name under which the log has it in full.</summary>
    public static Refusal Internal(string traceId) =>
        new(
            StatusCode.Internal,
            V1.ErrorReason.Internal,
            "Something went wrong on our side: name the trace_id to an operator.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["trace_id"] = traceId }
        );

    public static Refusal Unavailable() =>
        new(
            StatusCode.Unavailable,
            V1.ErrorReason.Unavailable,
            "The server cannot work just now: try again.",
            retryAfter: UnavailableFor
        );
}
