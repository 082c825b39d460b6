using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>What a rule ends day by day, counted by the sweep where servers do not see the rows of all tenants.</summary>
internal sealed class RetentionOutlook
{
    // A preview looks a year ahead at most, and its figures may be a day old.
    private const int DaysAhead = 367;

    private RetentionOutlook() { }

    public string Rule { get; private init; } = "";

    public Instant CountTime { get; private init; }

    /// <summary>How many rows are over on each of <see cref="Days"/>, those of the days before included.</summary>
    public long[] DueCounts { get; private init; } = [];

    /// <summary>The day before the count, what is over then is late; the day of the count, and those after it.</summary>
    public static IReadOnlyList<LocalDate> Days(Instant counted)
    {
        var first = Paris.DateOf(counted).PlusDays(-1);
        return [.. Enumerable.Range(0, DaysAhead + 2).Select(first.PlusDays)];
    }

    /// <summary>How many of the rows that were there when it was counted are over at a moment.</summary>
    public long DueAt(Instant moment)
    {
        var first = Paris.DateOf(CountTime).PlusDays(-1);
        var day = Period.DaysBetween(first, Paris.DateOf(moment));
        return DueCounts[Math.Clamp(day, 0, DueCounts.Length - 1)];
    }
}
