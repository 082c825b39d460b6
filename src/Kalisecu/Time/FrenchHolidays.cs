using NodaTime;

namespace Kalisecu.Time;

/// <summary>French public holidays, computed for any year of the Gregorian calendar.</summary>
internal sealed class FrenchHolidays(HolidayRegion region)
{
    // Labour Code art. L3133-1: New Year, Labour Day, Victory 1945, national day, Assumption, All Saints, Armistice, Christmas.
    private static readonly AnnualDate[] Fixed =
    [
        new(1, 1),
        new(5, 1),
        new(5, 8),
        new(7, 14),
        new(8, 15),
        new(11, 1),
        new(11, 11),
        new(12, 25),
    ];

    // The same article: Easter Monday, Ascension, Whit Monday, in days after Easter Sunday.
    private static readonly int[] AfterEaster = [1, 39, 50];

    // Labour Code art. L3134-13 (Alsace-Moselle): the second day of Christmas, and the Friday before Easter.
    private static readonly AnnualDate SecondChristmasDay = new(12, 26);
    private const int GoodFriday = -2;

    public static FrenchHolidays Metropolitan { get; } = new(HolidayRegion.Metropolitan);

    /// <summary>The calendar with which a stored date was computed.</summary>
    public static FrenchHolidays Of(string version) =>
        Enum.GetValues<HolidayRegion>()
            .Select(known => new FrenchHolidays(known))
            .SingleOrDefault(known => string.Equals(known.Version, version, StringComparison.Ordinal))
        ?? throw new ArgumentException($"No calendar has the version {version}.", nameof(version));

    /// <summary>Names the rule in what is stored beside a computed date.</summary>
    public string Version { get; } =
        region switch
        {
            HolidayRegion.Metropolitan => "fr-holidays/1",
            HolidayRegion.AlsaceMoselle => "fr-holidays-alsace-moselle/1",
            _ => throw new InvalidOperationException($"No region: {region}"),
        };

    public bool Contains(LocalDate date)
    {
        if (Array.Exists(Fixed, holiday => holiday.InYear(date.Year) == date))
        {
            return true;
        }

        var fromEaster = Period.DaysBetween(EasterSunday(date.Year), date);
        return Array.Exists(AfterEaster, days => days == fromEaster)
            || (
                region is HolidayRegion.AlsaceMoselle
                && (fromEaster == GoodFriday || SecondChristmasDay.InYear(date.Year) == date)
            );
    }

    /// <summary>The Gregorian computus in the form of Meeus, Astronomical Algorithms, chapter 8.</summary>
    public static LocalDate EasterSunday(int year)
    {
        var golden = year % 19;
        var century = year / 100;
        var inCentury = year % 100;
        var moonCorrection = (century + 8) / 25;
        var epact = ((19 * golden) + century - (century / 4) - ((century - moonCorrection + 1) / 3) + 15) % 30;
        var toSunday = (32 + (2 * (century % 4)) + (2 * (inCentury / 4)) - epact - (inCentury % 4)) % 7;
        var lateMoon = (golden + (11 * epact) + (22 * toSunday)) / 451;
        var sum = epact + toSunday - (7 * lateMoon) + 114;
        return new LocalDate(year, sum / 31, (sum % 31) + 1);
    }
}
