using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Consent;

internal static class PurposeErrors
{
    public static Refusal Unknown(string purpose) =>
        new(
            StatusCode.NotFound,
            Reason.PurposeUnknown,
            "There is no purpose with this name: see which there are with ListPurposes.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["purpose"] = purpose }
        );

    public static Refusal VersionUnknown(string purpose, int version) =>
        new(
            StatusCode.NotFound,
            Reason.PurposeVersionUnknown,
            "The purpose never had this version.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["purpose"] = purpose,
                ["version"] = version.ToString(CultureInfo.InvariantCulture),
            }
        );

    public static Refusal BasisDiffers(string purpose, LegalBasis basis) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.PurposeBasisDiffers,
            "A purpose keeps what it rests on: define another purpose for another basis.",
            Metadata(purpose, basis)
        );

    internal static Dictionary<string, string> Metadata(string purpose, LegalBasis basis) =>
        new(StringComparer.Ordinal)
        {
            ["purpose"] = purpose,
            ["legal_basis"] = basis switch
            {
                LegalBasis.Consent => "consent",
                LegalBasis.Contract => "contract",
                LegalBasis.LegalObligation => "legal_obligation",
                LegalBasis.LegitimateInterest => "legitimate_interest",
                _ => throw new InvalidOperationException($"No basis: {basis}"),
            },
        };
}
