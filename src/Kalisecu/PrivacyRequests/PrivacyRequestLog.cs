using Microsoft.Extensions.Logging;

namespace Kalisecu.PrivacyRequests;

internal static partial class PrivacyRequestLog
{
    [LoggerMessage(
        12001,
        LogLevel.Error,
        "Privacy request {PrivacyRequestId} was due on {DueDate} and is not answered"
    )]
    public static partial void Overdue(ILogger log, Guid privacyRequestId, string dueDate);

    [LoggerMessage(12002, LogLevel.Information, "Reminded of {Count} privacy requests")]
    public static partial void Reminded(ILogger log, int count);
}
