using Microsoft.Extensions.Logging;

namespace Kalisecu.Deliveries;

internal static partial class DeliveryLog
{
    [LoggerMessage(16001, LogLevel.Warning, "The mail relay {Host} takes nothing just now: {Problem}")]
    public static partial void RelayDown(ILogger log, string host, string problem);

    [LoggerMessage(
        16002,
        LogLevel.Information,
        "Letters: {Sent} sent, {Later} to try again, {Suppressed} suppressed, {Dead} dead"
    )]
    public static partial void Delivered(ILogger log, long sent, long later, long suppressed, long dead);

    [LoggerMessage(16003, LogLevel.Warning, "Not hearing of new letters just now: {Problem}")]
    public static partial void ListenerLost(ILogger log, string problem);

    [LoggerMessage(16004, LogLevel.Warning, "Letter {LetterId} is dead: {Reason}")]
    public static partial void Dead(ILogger log, Guid letterId, string reason);

    [LoggerMessage(
        16005,
        LogLevel.Error,
        "What came of {Count} letters could not be recorded; they go out again under the same Message-ID"
    )]
    public static partial void NotRecorded(ILogger log, Exception exception, int count);

    [LoggerMessage(16006, LogLevel.Error, "Letter {LetterId} could not be handed over")]
    public static partial void Fault(ILogger log, Exception exception, Guid letterId);
}
