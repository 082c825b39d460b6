using Microsoft.Extensions.Logging;

namespace Kalisecu.Breaches;

internal static partial class BreachLog
{
    [LoggerMessage(20001, LogLevel.Warning, "Breach {BreachId}: alarm after {Hours} hours, due {DueTime}")]
    public static partial void Alarmed(ILogger log, Guid breachId, int hours, string dueTime);

    [LoggerMessage(20002, LogLevel.Warning, "Breach {BreachId}: nobody has acknowledged its alarms")]
    public static partial void Escalated(ILogger log, Guid breachId);

    [LoggerMessage(20003, LogLevel.Information, "Wrote {Count} letters about breaches")]
    public static partial void Told(ILogger log, int count);
}
