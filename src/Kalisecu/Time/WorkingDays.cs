using NodaTime;

namespace Kalisecu.Time;

/// <summary>Which days count as working days, and where a period ends that would end on another.</summary>
internal static class WorkingDays
{
    public static bool IsWorkingDay(LocalDate date, FrenchHolidays holidays) =>
        date.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !holidays.Contains(date);

    /// <summary>Regulation (EEC, Euratom) 1182/71 art. 3(4): the day itself, else the next working day.</summary>
    public static LocalDate Roll(LocalDate date, FrenchHolidays holidays)
    {
        while (!IsWorkingDay(date, holidays))
        {
            date = date.PlusDays(1);
        }

        return date;
    }
}
