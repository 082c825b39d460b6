using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.PrivacyRequests;

internal static class PrivacyRequestErrors
{
    public static Refusal Closed(Guid privacyRequestId, PrivacyRequestState state) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.PrivacyRequestClosed,
            "The request is closed.",
            Of(privacyRequestId, "state", state.ToString())
        );

    public static Refusal Acknowledged(Guid privacyRequestId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.PrivacyRequestAcknowledged,
            "The receipt of the request was confirmed before.",
            Of(privacyRequestId)
        );

    public static Refusal Extended(Guid privacyRequestId, Instant extendTime) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.PrivacyRequestExtended,
            "The period was extended before; it can be once.",
            Of(privacyRequestId, "extend_time", InstantPattern.ExtendedIso.Format(extendTime))
        );

    public static Refusal ExtensionTooLate(Guid privacyRequestId, LocalDate due) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.ExtensionTooLate,
            "The notice of an extension had to leave by the end of the first month: answer the request now.",
            Of(privacyRequestId, "due_date", LocalDatePattern.Iso.Format(due))
        );

    public static Refusal IdentityConfirmed(Guid privacyRequestId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.IdentityConfirmed,
            "It is known already who asks.",
            Of(privacyRequestId)
        );

    public static Refusal IdentityNotConfirmed(Guid privacyRequestId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.IdentityNotConfirmed,
            "It is not known yet who asks: ask for the identity, or record your judgement of it.",
            Of(privacyRequestId)
        );

    public static Refusal CodeNotValid() =>
        new(
            StatusCode.PermissionDenied,
            Reason.IdentityCodeNotValid,
            "The code does not fit this request, or has expired."
        );

    public static Refusal CodeLocked() =>
        new(
            StatusCode.PermissionDenied,
            Reason.IdentityCodeLocked,
            "The code was tried too often and works no more: ask for another one."
        );

    public static Refusal NoKnownAddress(Guid privacyRequestId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.NoKnownAddress,
            "No address of the person was known before the request: ask without a code.",
            Of(privacyRequestId)
        );

    public static Refusal RightsWithoutOutcome(Guid privacyRequestId, IEnumerable<Right> rights) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.RightsWithoutOutcome,
            "Something is still to be done or refused before the request can be answered.",
            Of(privacyRequestId, "rights", string.Join(' ', rights))
        );

    public static Refusal RightNotRequested(Guid privacyRequestId, Right right) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.RightNotRequested,
            "The request does not ask for this right.",
            Of(privacyRequestId, "right", right.ToString())
        );

    public static Refusal RightHasOutcome(Guid privacyRequestId, Right right) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.RightHasOutcome,
            "This right of the request has an outcome already.",
            Of(privacyRequestId, "right", right.ToString())
        );

    public static Refusal PersonsFound(Guid privacyRequestId, int count) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.PersonsFound,
            "Persons are known by the address by now: add them before the request is answered.",
            Of(privacyRequestId, "count", $"{count}")
        );

    public static Refusal OriginalNotAccepted() =>
        new(
            StatusCode.InvalidArgument,
            Reason.OriginalNotAccepted,
            "The original is, by its content, no PDF, e-mail, plain text, PNG or JPEG."
        );

    public static Refusal TooManyOriginals(int max) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.TooManyOriginals,
            $"The request has {max} originals already.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["max"] = $"{max}" }
        );

    public static Refusal UploadOutOfOrder() =>
        new(
            StatusCode.InvalidArgument,
            Reason.RequestUploadOutOfOrder,
            "An upload is one header, then chunks of 1 to 65536 bytes, then the end of the stream."
        );

    private static Dictionary<string, string> Of(Guid privacyRequestId, string? key = null, string value = "")
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["privacy_request_id"] = privacyRequestId.ToString("D"),
        };
        if (key is not null)
        {
            metadata[key] = value;
        }

        return metadata;
    }
}
