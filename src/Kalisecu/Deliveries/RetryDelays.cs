using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>How long a letter waits before it is tried again: RFC 5321, section 4.5.4.1 asks for half an hour and four or five
/// days in the end; a relay that hiccups is asked again sooner.</summary>
internal static class RetryDelays
{
    private static readonly Duration[] After =
    [
        Duration.FromMinutes(1),
        Duration.FromMinutes(5),
        Duration.FromMinutes(15),
        Duration.FromMinutes(30),
        Duration.FromHours(1),
        Duration.FromHours(2),
        Duration.FromHours(4),
        Duration.FromHours(8),
        Duration.FromHours(16),
    ];

    private static readonly Duration Longest = Duration.FromHours(24);

    /// <summary>The pause after so many attempts.</summary>
    public static Duration Of(int attempts) => attempts <= After.Length ? After[attempts - 1] : Longest;
}
