using Microsoft.Extensions.Logging;

namespace Kalisecu.Compliance;

internal static partial class ComplianceLog
{
    [LoggerMessage(13001, LogLevel.Warning, "The check {Check} of clause {Clause} failed")]
    public static partial void CheckFailed(ILogger log, Exception exception, string clause, string check);

    [LoggerMessage(13002, LogLevel.Warning, "Clause {Clause} is broken: {Check} says: {Evidence}")]
    public static partial void Broken(ILogger log, string clause, string check, string evidence);

    [LoggerMessage(13005, LogLevel.Warning, "The hourly run of the checks failed; it is tried again")]
    public static partial void RunFailed(ILogger log, Exception exception);

    [LoggerMessage(13004, LogLevel.Critical, "The settings name a host for the {Use} that is refused: {Problem}")]
    public static partial void EndpointRefused(ILogger log, string use, string problem);

    [LoggerMessage(13003, LogLevel.Information, "Clause {Clause}, {Check}: {Before} before, {After} now")]
    public static partial void Changed(ILogger log, string clause, string check, ClauseState before, ClauseState after);
}
