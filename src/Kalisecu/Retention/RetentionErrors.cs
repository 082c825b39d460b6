using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Retention;

internal static class RetentionErrors
{
    public static Refusal HoldReleased(LegalHold hold) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.LegalHoldReleased,
            "The hold was released: place a new one if something has to be kept.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["hold_id"] = hold.HoldId.ToString("D") }
        );
}
