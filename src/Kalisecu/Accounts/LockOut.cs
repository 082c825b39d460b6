using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Wrong attempts on one account: how many since when, and until when it is locked.</summary>
internal sealed record LockOut(int FailedCount, Instant? FailedTime, Instant? LockedUntil)
{
    // CNIL recommendation 2022-100 (passwords, case "with restricted access") asks to slow down or block after failures;
    // five tries a quarter of an hour are our own margin: typing errors pass, guessing gets 480 tries a day at most.
    public const int Allowed = 5;
    public static readonly Duration Within = Duration.FromMinutes(15);
    public static readonly Duration LockFor = Duration.FromMinutes(15);

    /// <summary>Whether nothing of it counts any more.</summary>
    public bool IsOver(Instant now) => !(LockedUntil > now) && !(now - FailedTime < Within);

    public LockOut AfterFailure(Instant now)
    {
        var starts = FailedTime is not { } first || now - first >= Within;
        var count = starts ? 1 : FailedCount + 1;
        return count >= Allowed
            ? new LockOut(0, null, now + LockFor)
            : new LockOut(count, starts ? now : FailedTime, LockedUntil);
    }
}
