using NodaTime;

namespace Kalisecu.Time;

/// <summary>
/// The clock of a personal data breach. It counts elapsed hours: nights, weekends, holidays and changes of clock neither stop
/// nor bend it.
/// </summary>
internal sealed class BreachClock(Instant start)
{
    /// <summary>Names the rule in what is stored beside a computed moment.</summary>
    public const string RuleVersion = "gdpr-33-1/1";

    // GDPR art. 33(1): without undue delay and not later than 72 hours after becoming aware. EDPB guidelines 9/2022 aim the
    // complementary notification of art. 33(4) at 72 hours after the first.
    private const int Hours = 72;

    // Our own alarms: time to assess, to decide, to write and to send.
    private static readonly int[] Marks = [24, 48, 60, 70];

    /// <summary>The last moment for the notification.</summary>
    public Instant Due { get; } = start + Duration.FromHours(Hours);

    /// <summary>The first alarm after a moment, in hours since the start; there always is one.</summary>
    /// <param name="everyHours">How far the alarms after the 72 hours are apart.</param>
    public int AlarmAfter(Instant moment, int everyHours)
    {
        foreach (var mark in Marks)
        {
            if (At(mark) > moment)
            {
                return mark;
            }
        }

        var past = Math.Max(0, (int)Math.Floor((moment - start).TotalHours) - Hours);
        return Hours + (((past / everyHours) + 1) * everyHours);
    }

    /// <summary>The alarm after another one.</summary>
    public int AlarmAfter(int alarm, int everyHours) => AlarmAfter(At(alarm), everyHours);

    /// <summary>When an alarm goes.</summary>
    public Instant At(int hours) => start + Duration.FromHours(hours);

    /// <summary>
    /// For information only, never for alarms. Regulation 1182/71 art. 3(1): the hour of the event is not counted, so that 72
    /// hours run from the next full one.
    /// </summary>
    public Instant FromNextFullHour => NextFullHour + Duration.FromHours(Hours);

    /// <summary>
    /// For information only, and contested: art. 3(5) of the same regulation, by which a period of two days or more holds at
    /// least two working days.
    /// </summary>
    public Instant WithTwoWorkingDays(FrenchHolidays holidays)
    {
        var day = Paris.DateOf(start);
        for (var found = 0; found < 2; found += WorkingDays.IsWorkingDay(day, holidays) ? 1 : 0)
        {
            day = day.PlusDays(1);
        }

        return Instant.Max(FromNextFullHour, Paris.EndOf(day));
    }

    // Clocks in France differ from UTC by whole hours: a full hour there is one here.
    private Instant NextFullHour => Instant.FromUnixTimeSeconds(((start.ToUnixTimeSeconds() / 3600) + 1) * 3600);
}
