using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Consent;

internal static class ConsentErrors
{
    public static Refusal PersonAbsent(Guid personId) => GeneralErrors.NotFound("person", personId);

    public static Refusal EventAbsent(Guid eventId) => GeneralErrors.NotFound("consent event", eventId);

    public static Refusal NotTheBasis(PurposeVersion purpose) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.ConsentNotTheBasis,
            "This purpose does not rest on consent: nobody is asked, and nothing can be given or taken back.",
            PurposeErrors.Metadata(purpose.Purpose, purpose.LegalBasis)
        );

    public static Refusal TextOutdated(PurposeVersion current) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.ConsentTextOutdated,
            "The text was replaced by a newer version: show that one and ask again.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["purpose"] = current.Purpose,
                ["current_version"] = current.Version.ToString(CultureInfo.InvariantCulture),
            }
        );

    public static Refusal ObjectionNotPossible(PurposeVersion purpose) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.ObjectionNotPossible,
            "Nobody can object to what a contract needs or a law demands (GDPR art. 21).",
            PurposeErrors.Metadata(purpose.Purpose, purpose.LegalBasis)
        );

    /// <summary>What was said lies before the text that it is about.</summary>
    public static Refusal BeforeItsText() =>
        GeneralErrors.InvalidRequest([new Violation("event_time", "must not lie before the version of the text")]);
}
