using Microsoft.Extensions.Logging;

namespace Kalisecu.Rights;

internal static partial class RightsLog
{
    [LoggerMessage(
        18000,
        LogLevel.Error,
        "The store {Store} failed in the erasure {ErasureId}: it is asked again, and the request stays open"
    )]
    public static partial void StoreFailed(ILogger log, Exception exception, string store, Guid erasureId);

    [LoggerMessage(
        18001,
        LogLevel.Error,
        "The erasure {ErasureId} was interrupted: it is carried on when its claim ends"
    )]
    public static partial void ErasureFailed(ILogger log, Exception exception, Guid erasureId);

    [LoggerMessage(18002, LogLevel.Warning, "{Count} erasures that the database has forgotten are carried out again")]
    public static partial void Replaying(ILogger log, int count);

    [LoggerMessage(
        18004,
        LogLevel.Warning,
        "The journal of erasures was taken to be whole with {Count} entries although its length was lost: an operator said so"
    )]
    public static partial void JournalAccepted(ILogger log, long count);

    [LoggerMessage(18003, LogLevel.Information, "{Count} erasures are complete")]
    public static partial void Erased(ILogger log, int count);
}
