using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Objects;

internal static class ObjectErrors
{
    public static Refusal Damaged(string name) =>
        new(
            StatusCode.DataLoss,
            Errors.V1.ErrorReason.ObjectDamaged,
            "The stored document is absent or damaged: restore it from a backup.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["digest"] = name }
        );

    public static Refusal TooLarge(long maxBytes) =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.DocumentTooLarge,
            $"The document has more than {maxBytes} bytes.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["max_bytes"] = $"{maxBytes}" }
        );

    public static Refusal NotPdf() =>
        new(
            StatusCode.InvalidArgument,
            Errors.V1.ErrorReason.DocumentNotPdf,
            "The document is no PDF, or not a whole one: it must begin with %PDF- and end with %%EOF."
        );
}
