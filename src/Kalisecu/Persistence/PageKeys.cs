using System.Globalization;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Persistence;

/// <summary>Where the next page of a list begins; most lists are sorted by a moment, then by identifier.</summary>
internal static class PageKeys
{
    public static Guid Id(string key) =>
        Guid.TryParseExact(key, "D", out var id) ? id : throw GeneralErrors.PageTokenInvalid();

    public static int Number(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw GeneralErrors.PageTokenInvalid();

    public static LocalDate Date(string key) =>
        LocalDatePattern.Iso.Parse(key).TryGetValue(default, out var date)
            ? date
            : throw GeneralErrors.PageTokenInvalid();

    /// <summary>The token after the last row of the page; <paramref name="rows"/> holds one row more if there is a next page.</summary>
    public static string Next<T>(PageRequest page, IReadOnlyList<T> rows, Func<T, Instant> time, Func<T, Guid> id) =>
        Next(page, rows, row => [Moment.Key(time(row)), id(row).ToString("D")]);

    /// <summary>The same for lists that are sorted by other keys.</summary>
    public static string Next<T>(PageRequest page, IReadOnlyList<T> rows, Func<T, string[]> keys) =>
        rows.Count > page.Size ? page.TokenAfter(keys(rows[page.Size - 1])) : "";
}
