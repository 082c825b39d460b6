using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Persistence;

/// <summary>Pages of lists that are sorted by a moment, then by identifier.</summary>
internal static class PageKeys
{
    public static Guid Id(string key) =>
        Guid.TryParseExact(key, "D", out var id) ? id : throw GeneralErrors.PageTokenInvalid();

    /// <summary>The token after the last row of the page; <paramref name="rows"/> holds one row more if there is a next page.</summary>
    public static string Next<T>(PageRequest page, IReadOnlyList<T> rows, Func<T, Instant> time, Func<T, Guid> id)
    {
        if (rows.Count <= page.Size)
        {
            return "";
        }

        var last = rows[page.Size - 1];
        return page.TokenAfter(Moment.Key(time(last)), id(last).ToString("D"));
    }
}
