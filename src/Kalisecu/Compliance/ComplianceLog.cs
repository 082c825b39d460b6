using Microsoft.Extensions.Logging;

namespace Kalisecu.Compliance;

internal static partial class ComplianceLog
{
    [LoggerMessage(13001, LogLevel.Warning, "The check {Check} of clause {Clause} failed")]
    public static partial void CheckFailed(ILogger log, Exception exception, string clause, string check);

    [LoggerMessage(13002, LogLevel.Warning, "Clause {Clause} is broken: {Check} says: {Evidence}")]
    public static partial void Broken(ILogger log, string clause, string check, string evidence);

    [LoggerMessage(13003, LogLevel.Information, "Clause {Clause}, {Check}: {Before} before, {After} now")]
    public static partial void Changed(ILogger log, string clause, string check, ClauseState before, ClauseState after);
}
