using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.AccessLog;

internal static class AccessLogErrors
{
    // A database that restarts is back within seconds.
    private static readonly Duration RetryAfter = Duration.FromSeconds(2);

    public static Refusal Unavailable() =>
        new(
            StatusCode.Unavailable,
            Errors.V1.ErrorReason.AccessLogUnavailable,
            "The access log cannot be written just now, and nothing is answered without it: try again.",
            retryAfter: RetryAfter
        );
}
