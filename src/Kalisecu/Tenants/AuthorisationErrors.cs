using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Tenants;

internal static class AuthorisationErrors
{
    public static Refusal Revoked(Guid authorisationId, Instant revokeTime) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.AuthorisationRevoked,
            "The authorisation is already revoked.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["authorisation_id"] = authorisationId.ToString("D"),
                ["revoke_time"] = InstantPattern.ExtendedIso.Format(revokeTime),
            }
        );

    public static Refusal NotOfSite(string origin) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.AuthorisationNotOfSite,
            "An origin is neither of the site's host nor below it.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["origin"] = origin }
        );

    public static Refusal UploadOutOfOrder() =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.UploadOutOfOrder,
            "An upload is one header, then chunks of 1 to 65536 bytes, then the end of the stream."
        );
}
