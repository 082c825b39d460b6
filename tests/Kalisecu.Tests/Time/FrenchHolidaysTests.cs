using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Tests.Time;

public sealed class FrenchHolidaysTests
{
    private static readonly FrenchHolidays AlsaceMoselle = new(HolidayRegion.AlsaceMoselle);

    [Theory]
    [InlineData(2025, 4, 20)]
    [InlineData(2026, 4, 5)]
    [InlineData(2027, 3, 28)]
    [InlineData(2028, 4, 16)]
    [InlineData(2029, 4, 1)]
    [InlineData(2030, 4, 21)]
    [InlineData(2035, 3, 25)]
    [InlineData(2038, 4, 25)]
    public void Easter_is_where_the_calendar_says(int year, int month, int day) =>
        Assert.Equal(new LocalDate(year, month, day), FrenchHolidays.EasterSunday(year));

    [Fact]
    public void A_year_has_the_eleven_holidays_of_the_Labour_Code() =>
        Assert.Equal(
            ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"],
            Holidays(2026, FrenchHolidays.Metropolitan)
        );

    [Fact]
    public void Alsace_Moselle_adds_Good_Friday_and_the_second_day_of_Christmas() =>
        Assert.Equal(
            ["04-03", "12-26"],
            Holidays(2026, AlsaceMoselle).Except(Holidays(2026, FrenchHolidays.Metropolitan))
        );

    [Fact]
    public void A_region_is_part_of_the_rule_that_a_date_is_stored_with() =>
        Assert.NotEqual(FrenchHolidays.Metropolitan.Version, AlsaceMoselle.Version);

    private static IEnumerable<string> Holidays(int year, FrenchHolidays holidays)
    {
        var first = new LocalDate(year, 1, 1);
        return Enumerable
            .Range(0, CalendarSystem.Iso.GetDaysInYear(year))
            .Select(first.PlusDays)
            .Where(holidays.Contains)
            .Select(d => $"{d.Month:00}-{d.Day:00}");
    }
}
