using System.Globalization;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Persistence;

/// <summary>Moments as PostgreSQL keeps them, in microseconds: what is answered now is what will be read back.</summary>
internal static class Moment
{
    public static Instant Stored(Instant moment) => Instant.FromUnixTimeTicks(moment.ToUnixTimeTicks() / 10 * 10);

    /// <summary>A stored moment as a sort key in a page token.</summary>
    public static string Key(Instant moment) => moment.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    public static Instant ReadKey(string key) =>
        long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks)
        && ticks is > -600_000_000_000_000_000 and < 2_000_000_000_000_000_000
            ? Instant.FromUnixTimeTicks(ticks)
            : throw GeneralErrors.PageTokenInvalid();
}
