using System.Globalization;
using NodaTime;
using Quartz;

namespace Kalisecu.Jobs;

/// <summary>When a job runs, as a cron expression in French time; a schedule that was missed is made up once.</summary>
/// <param name="Cron">Quartz's cron expression, seconds first.</param>
/// <param name="Words">The same for people.</param>
internal sealed record Schedule(string Cron, string Words)
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static TimeZoneInfo Zone => Paris;

    private CronExpression Expression { get; } = new(Cron, Paris);

    /// <summary>Every so many minutes of the hour.</summary>
    /// <param name="minutes">A divisor of 60.</param>
    public static Schedule EveryMinutes(int minutes) =>
        60 % minutes == 0
            ? new(
                string.Create(CultureInfo.InvariantCulture, $"0 0/{minutes} * * * ?"),
                minutes == 1 ? "every minute" : string.Create(CultureInfo.InvariantCulture, $"every {minutes} minutes")
            )
            : throw new ArgumentOutOfRangeException(nameof(minutes), minutes, "does not divide an hour");

    /// <summary>Once an hour, at this minute.</summary>
    public static Schedule Hourly(int minute) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"0 {minute} * * * ?"),
            string.Create(CultureInfo.InvariantCulture, $"every hour at minute {minute}")
        );

    /// <summary>Once a day in France. From 2 to 3 o'clock nothing is scheduled: that hour is left out and doubled once a year.</summary>
    public static Schedule Daily(int hour, int minute) =>
        hour is 2
            ? throw new ArgumentOutOfRangeException(nameof(hour), hour, "exists not on every day of the year")
            : new(
                string.Create(CultureInfo.InvariantCulture, $"0 {minute} {hour} * * ?"),
                string.Create(CultureInfo.InvariantCulture, $"every day at {hour:00}:{minute:00} in France")
            );

    public Instant NextAfter(Instant moment) =>
        Expression.GetNextValidTimeAfter(moment.ToDateTimeOffset()) is { } next
            ? Instant.FromDateTimeOffset(next)
            : throw new InvalidOperationException($"The schedule {Cron} has no next time after {moment}.");

    /// <summary>The scheduled time that a run at this moment serves: the moment itself, or the last one before it.</summary>
    public Instant LastUntil(Instant moment)
    {
        // Quartz looks only forward: start two periods back and walk.
        var next = NextAfter(moment);
        var walk = moment - (2 * (NextAfter(next) - next));
        var last = walk;
        for (walk = NextAfter(walk); walk <= moment; walk = NextAfter(walk))
        {
            last = walk;
        }

        return last;
    }
}
