using Microsoft.Extensions.Logging;

namespace Kalisecu.Retention;

internal static partial class RetentionLog
{
    [LoggerMessage(17001, LogLevel.Error, "The rule {Rule} could not be swept")]
    public static partial void RuleFailed(ILogger log, Exception exception, string rule);

    [LoggerMessage(17002, LogLevel.Error, "The rule {Rule} could not forget person {PersonId}")]
    public static partial void PersonFailed(ILogger log, Exception exception, string rule, Guid personId);
}
