using Microsoft.Extensions.Logging;

namespace Kalisecu.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Signing in is slowed down: {Limit}")]
    public static partial void SignInLimitReached(ILogger log, string limit);
}
