using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Keys;

internal static class KeyErrors
{
    public static Refusal Destroyed(string name) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.KeyDestroyed,
            "The key of this data was destroyed when its retention ended: the data cannot be read or written again.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant_id"] = name }
        );
}
