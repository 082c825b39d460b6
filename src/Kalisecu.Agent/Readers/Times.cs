using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Agent.Readers;

/// <summary>Moments as reports write them. A time without a zone is no moment, and is left out rather than guessed.</summary>
internal static class Times
{
    public static Instant? Iso(string? text) =>
        text is not null && OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } parsed
            ? parsed.Value.ToInstant()
            : null;

    /// <summary>Seconds since 1970, within what a scan can have.</summary>
    public static Instant? UnixSeconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds < 253_402_300_800 // the year 10000, where Instant ends
            ? Instant.FromUnixTimeSeconds(seconds)
            : null;
}
