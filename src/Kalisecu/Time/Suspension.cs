using NodaTime;

namespace Kalisecu.Time;

/// <summary>
/// Days on which the clock stands, while information is awaited that is needed to know who asks: decree 2019-536 art. 77.
/// </summary>
/// <param name="Until">The day on which the information came; null while it is awaited.</param>
internal sealed record Suspension(LocalDate From, LocalDate? Until)
{
    /// <summary>Days so far, at most up to a day.</summary>
    public int DaysBy(LocalDate today)
    {
        var end = Until ?? today;
        return end <= From ? 0 : Period.DaysBetween(From, end);
    }
}
