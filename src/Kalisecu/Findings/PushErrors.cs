using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Findings;

internal static class PushErrors
{
    public static Refusal OutOfOrder(string expected, string received) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.PushOutOfOrder,
            $"Expected {expected}, received {received}.",
            Metadata(("expected", expected), ("received", received))
        );

    public static Refusal IdMismatch(UInt128 findingId, UInt128? occurrenceId = null) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.IdMismatch,
            "An id is not the hash of its content: see docs/push-protocol.md.",
            occurrenceId is { } occurrence
                ? Metadata(("finding_id", Text(findingId)), ("occurrence_id", Text(occurrence)))
                : Metadata(("finding_id", Text(findingId)))
        );

    public static Refusal CountMismatch(string kind, ulong expected, ulong received) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.CountMismatch,
            $"The {kind} count is {expected} as announced, and {received} came.",
            Metadata(("kind", kind), ("expected", expected.ToString("D")), ("received", received.ToString("D")))
        );

    public static Refusal BatchTooLarge(string kind, int max) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.BatchTooLarge,
            $"A message holds at most {max} of {kind}.",
            Metadata(("kind", kind), ("max", max.ToString("D")))
        );

    public static Refusal UnknownFinding(UInt128 findingId) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.UnknownFindingInBatch,
            "An occurrence names a finding that this push did not bring.",
            Metadata(("finding_id", Text(findingId)))
        );

    public static Refusal NotAsked(UInt128 occurrenceId) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.OccurrenceNotAsked,
            "An occurrence came that was not asked for.",
            Metadata(("occurrence_id", Text(occurrenceId)))
        );

    public static Refusal TooManyUnacknowledged(int max) =>
        new(
            StatusCode.ResourceExhausted,
            Errors.V1.ErrorReason.TooManyUnacknowledged,
            $"More than {max} batches of occurrences are on their way: wait for acknowledgements.",
            Metadata(("max", max.ToString("D"))),
            retryAfter: Duration.FromSeconds(1)
        );

    public static Refusal TooManyUnsent(int max) =>
        new(
            StatusCode.ResourceExhausted,
            Errors.V1.ErrorReason.TooManyUnsent,
            $"More than {max} occurrences would be asked for and not have come: send their bodies before more ids.",
            Metadata(("max", max.ToString("D"))),
            retryAfter: Duration.FromSeconds(1)
        );

    public static Refusal TooManyPushes() => GeneralErrors.LimitExceeded("pushes_at_once", Duration.FromSeconds(5));

    public static Refusal CatalogueTooOld(string catalogueVersion) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.CatalogueTooOld,
            $"The server's catalogue of checks is {catalogueVersion} and knows nothing of the agent's: install the agent that "
                + "belongs to this server, and push the report again.",
            Metadata(("catalogue_version", catalogueVersion))
        );

    public static Refusal TooManyStreams() => GeneralErrors.LimitExceeded("push_streams", Duration.FromSeconds(5));

    public static Refusal UnderWay(Guid scanId) =>
        new(
            StatusCode.Aborted,
            Errors.V1.ErrorReason.PushUnderWay,
            "A newer stream pushes this scan, so this one is ended.",
            Metadata(("scan_id", scanId.ToString("D"))),
            retryAfter: Duration.FromSeconds(1)
        );

    public static Refusal OutOfScope(Guid scanId, string origin) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ScanOutOfScope,
            "A place lies outside the origins of the authorisation.",
            Metadata(("scan_id", scanId.ToString("D")), ("place", origin))
        );

    public static Refusal OccurrenceMalformed(int index) =>
        Invalid(
            $"occurrences[{index}]",
            "must hold finding_id and occurrence_id of 16 bytes, a place of 1 to 2,048 bytes of UTF-8 without NUL and at most 65,536 bytes of exchange, in this order"
        );

    public static Refusal Malformed() => Invalid("message", "must be one message of the contract");

    public static Refusal Invalid(string field, string rule) =>
        GeneralErrors.InvalidRequest([new Violation(field, rule)]);

    private static string Text(UInt128 id) => OccurrenceKey.ToGuid(id).ToString("D");

    private static Dictionary<string, string> Metadata(params ReadOnlySpan<(string Key, string Value)> entries)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            metadata[key] = value;
        }

        return metadata;
    }
}
