using Microsoft.Extensions.Logging;

namespace Kalisecu.Errors;

internal static partial class ErrorLog
{
    [LoggerMessage(1001, LogLevel.Error, "Fault in {Method}, trace {TraceId}")]
    public static partial void Fault(ILogger log, Exception exception, string method, string traceId);

    [LoggerMessage(1002, LogLevel.Warning, "The database did not answer {Method}")]
    public static partial void DatabaseUnavailable(ILogger log, Exception exception, string method);
}
