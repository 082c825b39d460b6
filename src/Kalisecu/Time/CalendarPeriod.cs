using NodaTime;

namespace Kalisecu.Time;

/// <summary>How long something is kept. Such a period ends on any day and never rolls to a working day.</summary>
/// <param name="Version">Names the rule in what is stored beside a computed date.</param>
internal sealed record CalendarPeriod(string Version, Period Length)
{
    /// <summary>RET-1: three years from the last contact that came from the prospect.</summary>
    public static CalendarPeriod Prospects { get; } = new("ret-1/1", Period.FromYears(3));

    /// <summary>RET-2: the client's people keep the dashboard for the twelve months of RET-3, and no longer.</summary>
    public static CalendarPeriod ClientData { get; } = new("ret-2/1", Period.FromMonths(12));

    /// <summary>RET-3: twelve months from the end of the subscription.</summary>
    public static CalendarPeriod TechnicalData { get; } = new("ret-3/1", Period.FromMonths(12));

    /// <summary>RET-3, the archive that a client asked for: five years, as long as a contract can be argued about (Civil Code art. 2224).</summary>
    public static CalendarPeriod Archive { get; } = new("ret-3/archive/1", Period.FromYears(5));

    /// <summary>RET-4, Commercial Code art. L123-22: ten years from the close of the financial year.</summary>
    public static CalendarPeriod Invoices { get; } = new("ret-4/1", Period.FromYears(10));

    /// <summary>
    /// RET-5: twelve months at most, backups included. The last backup that holds something is gone within the shortest month,
    /// so the database keeps it for eleven.
    /// </summary>
    public static CalendarPeriod Logs { get; } = new("ret-5/1", Period.FromMonths(11));

    /// <summary>Civil Code art. 2224: five years, in which somebody can still ask a court whether a duty was kept.</summary>
    public static CalendarPeriod Proof { get; } = new("proof/1", Period.FromYears(5));

    /// <summary>A change can be repeated for 24 hours; a day later nobody asks.</summary>
    public static CalendarPeriod Repeats { get; } = new("repeats/1", Period.FromDays(1));

    /// <summary>Within RET-5: who ran which job is asked within a quarter, and a job runs every minute.</summary>
    public static CalendarPeriod JobRuns { get; } = new("ret-5/job-runs/1", Period.FromMonths(3));

    /// <summary>The last day of the period: the same day of the last month, or that month's last.</summary>
    public LocalDate LastDay(LocalDate start) => start.Plus(Length);

    /// <summary>The day on which it goes, in its first hours.</summary>
    public LocalDate GoesOn(LocalDate start) => LastDay(start).PlusDays(1);

    /// <summary>From when on it may no longer be there.</summary>
    public Instant GoesAt(LocalDate start) => Paris.StartOf(GoesOn(start));

    /// <summary>
    /// What started before this moment is past its period at <paramref name="now"/>: the start of the day in Paris after the
    /// last one whose period is over.
    /// </summary>
    public Instant EndedBefore(Instant now)
    {
        var today = Paris.DateOf(now);
        // Several days may share their last day, and days that a month lacks move it: look from a few days ahead.
        var start = today.Minus(Length).PlusDays(4);
        while (GoesOn(start) > today)
        {
            start = start.PlusDays(-1);
        }

        return Paris.EndOf(start);
    }
}
