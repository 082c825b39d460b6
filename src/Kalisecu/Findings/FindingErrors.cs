using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Findings;

/// <summary>Reasons to refuse a decision about a finding, or a read of it.</summary>
internal static class FindingErrors
{
    public static Refusal Absent(Guid findingId) => GeneralErrors.NotFound("finding", findingId);

    public static Refusal ExchangeAbsent(Guid occurrenceId) => GeneralErrors.NotFound("exchange", occurrenceId);

    public static Refusal SiteAbsent(Guid siteId) => GeneralErrors.NotFound("site", siteId);

    /// <summary>A check has a name instead of an identifier; the catalogue is the same for everybody, so the name is told.</summary>
    public static Refusal CheckAbsent(string name) =>
        new(
            StatusCode.NotFound,
            Errors.V1.ErrorReason.NotFound,
            "There is no check with this name in the catalogue.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "check", ["id"] = name }
        );

    public static Refusal Closed(Guid findingId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.FindingClosed,
            "The finding is closed: there is nothing to dismiss.",
            About(findingId)
        );

    public static Refusal Dismissed(Guid findingId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.FindingDismissed,
            "The finding is dismissed already: restore it first to decide anew.",
            About(findingId)
        );

    public static Refusal NotDismissed(Guid findingId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.FindingNotDismissed,
            "The finding is not dismissed: there is nothing to restore.",
            About(findingId)
        );

    private static Dictionary<string, string> About(Guid findingId) =>
        new(StringComparer.Ordinal) { ["finding_id"] = findingId.ToString("D") };
}
