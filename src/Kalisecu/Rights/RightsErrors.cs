using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

internal static class RightsErrors
{
    public static Refusal ExportExpired(Guid exportId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ExportExpired,
            "The copy has expired and was removed: make a new one.",
            With(("export_id", exportId.ToString("D")))
        );

    /// <summary>Unknown, used, expired: the same words, so that nobody learns which.</summary>
    public static Refusal LinkNotValid() =>
        new(
            StatusCode.Unauthenticated,
            Errors.V1.ErrorReason.ExportLinkNotValid,
            "The link is unknown, was used or has expired: ask for a new one."
        );

    public static Refusal FormatNotOffered(string kind, string format) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.ExportFormatNotOffered,
            "This kind of copy does not come in this format.",
            With(("kind", kind), ("format", format))
        );

    public static Refusal NothingToRectify() =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.NothingToRectify,
            "Nothing is held of this person that these values would change."
        );

    public static Refusal AlreadyRestricted(Guid restrictionId) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.PersonRestricted,
            "The person's processing is restricted already.",
            With(("restriction_id", restrictionId.ToString("D")))
        );

    public static Refusal RestrictionLifted(Guid restrictionId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.RestrictionLifted,
            "The restriction was lifted.",
            With(("restriction_id", restrictionId.ToString("D")))
        );

    public static Refusal NoticeNotDelivered(Guid restrictionId, string state) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.LiftNoticeNotDelivered,
            "The person has to be told before the restriction is lifted: announce it, and wait until the letter was sent.",
            With(("restriction_id", restrictionId.ToString("D")), ("state", state))
        );

    public static Refusal ObjectionState(Guid objectionId, ObjectionState state) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ObjectionDecided,
            "The objection was decided.",
            With(("objection_id", objectionId.ToString("D")), ("state", $"{state}"))
        );

    public static Refusal AlreadyObjected(Guid objectionId) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.AlreadyObjected,
            "The person has objected to this purpose already.",
            With(("objection_id", objectionId.ToString("D")))
        );

    public static Refusal ErasureState(Guid erasureId, ErasureState state) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ErasureState,
            "The erasure is not in a state for this.",
            With(("erasure_id", erasureId.ToString("D")), ("state", $"{state}"))
        );

    public static Refusal ErasureUnderWay(Guid erasureId) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.ErasureUnderWay,
            "An erasure of this person is planned or under way.",
            With(("erasure_id", erasureId.ToString("D")))
        );

    public static Refusal NeedsSecondPerson(Guid erasureId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ErasureNeedsSecondPerson,
            "Whoever planned an erasure does not approve it: a second person does.",
            With(("erasure_id", erasureId.ToString("D")))
        );

    public static Refusal RecipientTold(Guid noticeId, LocalDate told) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.RecipientTold,
            "That this recipient was told is recorded already.",
            With(("notice_id", noticeId.ToString("D")), ("told_date", LocalDatePattern.Iso.Format(told)))
        );

    private static Dictionary<string, string> With(params (string Key, string Value)[] facts) =>
        facts.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
}
