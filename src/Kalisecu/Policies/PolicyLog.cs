using Microsoft.Extensions.Logging;

namespace Kalisecu.Policies;

internal static partial class PolicyLog
{
    [LoggerMessage(
        11001,
        LogLevel.Information,
        "Version {Number} of the policy is published; {Recipients} members were written to"
    )]
    public static partial void Published(ILogger log, int number, int recipients);

    [LoggerMessage(11002, LogLevel.Information, "The policy of {EffectDate} was stored as version 1")]
    public static partial void Seeded(ILogger log, string effectDate);

    [LoggerMessage(11003, LogLevel.Warning, "The first version of the policy could not be stored yet: {Problem}")]
    public static partial void NotSeeded(ILogger log, string problem);
}
