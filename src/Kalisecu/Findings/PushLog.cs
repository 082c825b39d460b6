using Microsoft.Extensions.Logging;

namespace Kalisecu.Findings;

internal static partial class PushLog
{
    [LoggerMessage(6001, LogLevel.Information, "Scan {ScanId} opens push {PushId}: {Plan}, resumed {Resumed}")]
    public static partial void Opened(ILogger log, Guid scanId, Guid pushId, V1.PushPlan plan, bool resumed);

    [LoggerMessage(
        6002,
        LogLevel.Information,
        "Scan {ScanId} is completed: {Opened} occurrences opened, {Closed} closed, {Unchanged} unchanged"
    )]
    public static partial void Closed(ILogger log, Guid scanId, ulong opened, ulong closed, ulong unchanged);

    [LoggerMessage(
        6003,
        LogLevel.Information,
        "Scan {ScanId} comes again: catalogue {Version} of its agent names {Rules} rules otherwise"
    )]
    public static partial void Renamed(ILogger log, Guid scanId, string version, int rules);
}
