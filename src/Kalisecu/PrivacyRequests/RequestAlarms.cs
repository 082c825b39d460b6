using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>One moment at which the data-protection officer is reminded of a request.</summary>
/// <param name="DueDate">The date that it is about.</param>
internal sealed record RequestAlarm(Instant Time, LocalDate DueDate, bool IsOverdue);

/// <summary>
/// When somebody has to be reminded of an open request: before each of its dates, and, once the earlier one has passed, again
/// and again until it is closed. A suspension never silences the earlier date.
/// </summary>
internal static class RequestAlarms
{
    // Our own alarms: time to collect an answer, to extend while it is still possible, to send, and the day itself.
    private static readonly int[] DaysBefore = [10, 3, 1, 0];
    private const int OverdueEveryDays = 7;

    // Before the working day begins.
    private const int Hour = 8;

    /// <summary>The first alarm after a moment; there always is one.</summary>
    public static RequestAlarm NextAfter(Instant moment, LocalDate due, LocalDate? suspendedDue) =>
        Reminders(due, suspendedDue)
            .Append(Overdue(due, WeeksLate(moment, due) + 1))
            .Where(a => a.Time > moment)
            .MinBy(a => a.Time)!;

    /// <summary>The newest alarm up to a moment; null before the first.</summary>
    public static RequestAlarm? LastUpTo(Instant moment, LocalDate due, LocalDate? suspendedDue)
    {
        var weeks = WeeksLate(moment, due);
        return Reminders(due, suspendedDue)
            .Concat(weeks < 0 ? [] : [Overdue(due, weeks)])
            .Where(a => a.Time <= moment)
            .MaxBy(a => a.Time);
    }

    private static IEnumerable<RequestAlarm> Reminders(LocalDate due, LocalDate? suspendedDue) =>
        new[] { due, suspendedDue ?? due }
            .Distinct()
            .SelectMany(date =>
                DaysBefore.Select(days => new RequestAlarm(Paris.At(date.PlusDays(-days), Hour), date, false))
            );

    private static RequestAlarm Overdue(LocalDate due, int weeks) =>
        new(Paris.EndOf(due.PlusDays(weeks * OverdueEveryDays)), due, true);

    /// <summary>Whole weeks since the end of the date; -1 while it has not passed.</summary>
    private static int WeeksLate(Instant moment, LocalDate due)
    {
        var days = Period.DaysBetween(due.PlusDays(1), Paris.DateOf(moment));
        return days < 0 ? -1 : days / OverdueEveryDays;
    }
}
