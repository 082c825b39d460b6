using NodaTime;

namespace Kalisecu.Time;

/// <summary>Days where the law counts days: those of metropolitan France.</summary>
internal static class Paris
{
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    public static LocalDate DateOf(Instant moment) => moment.InZone(Zone).Date;

    public static Instant StartOf(LocalDate date) => Zone.AtStartOfDay(date).ToInstant();

    /// <summary>24:00 of the day, which is the first moment that no longer belongs to it.</summary>
    public static Instant EndOf(LocalDate date) => StartOf(date.PlusDays(1));

    /// <summary>The first moment of an hour of the day; clocks change at night, so working hours exist once.</summary>
    public static Instant At(LocalDate date, int hour) => Zone.AtLeniently(date.At(new LocalTime(hour, 0))).ToInstant();
}
