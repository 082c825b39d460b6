using Kalisecu.Outbox;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>Dates as people read them. The process has no cultures: it is the same text on every machine.</summary>
internal static class LetterDates
{
    private static readonly string[] French =
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];

    private static readonly string[] English =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    /// <summary>Such as <c>1er mars 2026</c> or <c>1 March 2026</c>.</summary>
    public static string Text(LocalDate date, Language language) =>
        language switch
        {
            Language.Fr => $"{(date.Day == 1 ? "1er" : date.Day)} {French[date.Month - 1]} {date.Year}",
            Language.En => $"{date.Day} {English[date.Month - 1]} {date.Year}",
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    /// <summary>Such as <c>1er mars 2026 à 17 h 20 (heure de Paris)</c>.</summary>
    public static string Text(Instant moment, Language language)
    {
        var local = moment.InZone(Paris.Zone).LocalDateTime;
        var day = Text(local.Date, language);
        return language switch
        {
            Language.Fr => $"{day} à {local.Hour} h {local.Minute:00} (heure de Paris)",
            Language.En => $"{day} at {local.Hour:00}:{local.Minute:00} (Paris time)",
            _ => throw new InvalidOperationException($"No language: {language}"),
        };
    }
}
