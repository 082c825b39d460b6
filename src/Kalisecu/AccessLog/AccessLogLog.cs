using Microsoft.Extensions.Logging;

namespace Kalisecu.AccessLog;

internal static partial class AccessLogLog
{
    [LoggerMessage(9001, LogLevel.Warning, "The access log could not be written: {Count} calls were not answered")]
    public static partial void NotWritten(ILogger log, Exception exception, int count);

    [LoggerMessage(9002, LogLevel.Information, "Writing the access log as {WriterId}")]
    public static partial void ChainBegun(ILogger log, Guid writerId);

    [LoggerMessage(9003, LogLevel.Error, "The access log is broken: {Kind} at entry {Sequence} of writer {WriterId}")]
    public static partial void Broken(ILogger log, ChainBreakKind kind, long sequence, Guid writerId);
}
