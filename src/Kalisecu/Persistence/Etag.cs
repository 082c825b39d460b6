using System.Globalization;
using Kalisecu.Errors;

namespace Kalisecu.Persistence;

/// <summary>The version of a row as callers see it: a text to hand back, nothing to read into it.</summary>
internal static class Etag
{
    public static string Write(uint version) => version.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The version of a row whose entity does not carry it.</summary>
    public static uint VersionOf<T>(KalisecuDb db, T row)
        where T : class => db.Entry(row).Property<uint>("xmin").CurrentValue;

    /// <summary>Refuses when the caller read another version; an empty etag fits every one.</summary>
    public static void Require(string etag, uint version, string what)
    {
        if (etag.Length > 0 && !string.Equals(etag, Write(version), StringComparison.Ordinal))
        {
            throw GeneralErrors.ChangedSinceRead(what);
        }
    }
}
