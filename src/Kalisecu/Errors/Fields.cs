using Google.Protobuf.WellKnownTypes;
using NodaTime;

namespace Kalisecu.Errors;

/// <summary>Reads single request fields; what breaks a rule is added to the violations and answered with a default.</summary>
internal static class Fields
{
    public static Guid Id(string value, string field, Violations violations)
    {
        if (Guid.TryParseExact(value, "D", out var id) && id != Guid.Empty)
        {
            return id;
        }

        violations.Add(field, "must be a UUID such as 018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f");
        return Guid.Empty;
    }

    public static Guid? OptionalId(string value, string field, Violations violations) =>
        value.Length == 0 ? null : Id(value, field, violations);

    /// <summary>Text of a length in characters, without control characters; surrounding white space is dropped.</summary>
    /// <summary>A text in one line: a name or an address that letters, headers and envelopes show.</summary>
    public static string Line(string value, string field, int min, int max, Violations violations)
    {
        var text = Text(value, field, min, max, violations);
        violations.Check(text.IndexOfAny(['\n', '\t', '\u2028', '\u2029', '\u0085']) < 0, field, "must be one line");
        return text;
    }

    public static string Text(string value, string field, int min, int max, Violations violations)
    {
        var text = value.Trim();
        if (text.Length < min || text.Length > max)
        {
            violations.Add(field, min == max ? $"must have {min} characters" : $"must have {min} to {max} characters");
        }
        else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            violations.Add(field, "must not contain control characters");
        }

        return text;
    }

    public static Instant Time(Timestamp? value, string field, Violations violations)
    {
        if (value is null)
        {
            violations.Add(field, "must be given");
            return Instant.MinValue;
        }

        return OptionalTime(value, field, violations) ?? Instant.MinValue;
    }

    public static Instant? OptionalTime(Timestamp? value, string field, Violations violations)
    {
        // The range of google.protobuf.Timestamp: 0001-01-01 to 9999-12-31.
        const long minSeconds = -62135596800;
        const long maxSeconds = 253402300799;
        if (value is null)
        {
            return null;
        }

        if (value.Seconds is < minSeconds or > maxSeconds || value.Nanos is < 0 or > 999_999_999)
        {
            violations.Add(field, "must be a timestamp between the years 1 and 9999");
            return null;
        }

        return Instant.FromUnixTimeSeconds(value.Seconds).PlusNanoseconds(value.Nanos);
    }

    public static Timestamp Write(Instant value) =>
        new()
        {
            Seconds = value.ToUnixTimeSeconds(),
            Nanos = (int)(value - Instant.FromUnixTimeSeconds(value.ToUnixTimeSeconds())).SubsecondNanoseconds,
        };
}
