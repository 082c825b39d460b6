using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Tenants;

internal static class MemberErrors
{
    public static Refusal Removed(Guid memberId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.MemberRemoved,
            "The member was removed.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["member_id"] = memberId.ToString("D") }
        );

    public static Refusal LastOwner() =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.LastOwner,
            "The change would leave the members without an owner: make another member owner first."
        );
}
