using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>The first and the newest link of one chain in one month; it outlives the month's entries.</summary>
internal sealed class AccessRoot
{
    /// <summary>
    /// Clause RET-5: twelve months at most, backups included. A month leaves when its first day is eleven months old; the last
    /// backup that holds it is gone within the days of the twelfth. The database's function that drops it has the same rule.
    /// </summary>
    public const int KeptMonths = 11;

    public Guid WriterId { get; private init; }

    /// <summary>The first day of the month, in UTC.</summary>
    public LocalDate Month { get; private init; }

    public long FirstSequence { get; private init; }

    /// <summary>The digest that the month's first entry follows.</summary>
    public byte[] PreviousHash { get; private init; } = [];

    public long LastSequence { get; private init; }

    public byte[] LastHash { get; private init; } = [];

    /// <summary>When the month's entries left with their partition; null while they must be there.</summary>
    public Instant? ExpireTime { get; private init; }

    /// <summary>Whether the month left when it might: a root that says it left earlier covers up a removal.</summary>
    public bool IsExpired => ExpireTime >= Month.PlusMonths(KeptMonths).AtMidnight().InUtc().ToInstant();
}
