using Kalisecu.Errors;

namespace Kalisecu.Breaches;

/// <summary>
/// Enums of the wire and of the domain have the same names, but for the wire's zero; a test compares them. Twelve of them by
/// hand would hide a slip.
/// </summary>
internal static class BreachWireEnum
{
    /// <summary>The domain's value; null for the wire's zero and for what has no name.</summary>
    public static TDomain? Read<TWire, TDomain>(TWire value)
        where TWire : struct, Enum
        where TDomain : struct, Enum =>
        Enum.IsDefined(value) && Enum.TryParse<TDomain>(value.ToString(), out var read) ? read : null;

    /// <summary>One value that must be given.</summary>
    public static TDomain Needed<TWire, TDomain>(TWire value, string field, Violations violations)
        where TWire : struct, Enum
        where TDomain : struct, Enum
    {
        var read = Read<TWire, TDomain>(value);
        violations.Check(read is not null, field, "must be one of the named values");
        return read ?? default;
    }

    /// <summary>Several values, each once.</summary>
    public static IReadOnlyList<TDomain> Many<TWire, TDomain>(
        IReadOnlyCollection<TWire> values,
        string field,
        int min,
        Violations violations
    )
        where TWire : struct, Enum
        where TDomain : struct, Enum
    {
        var read = values.Select(v => Read<TWire, TDomain>(v)).OfType<TDomain>().Distinct().Order().ToList();
        violations.Check(
            read.Count == values.Count && read.Count >= min,
            field,
            min == 0 ? "must be of the named values, each once" : "must be at least one of the named values, each once"
        );
        return read;
    }

    /// <summary>The wire's value.</summary>
    public static TWire ToWire<TDomain, TWire>(TDomain value)
        where TDomain : struct, Enum
        where TWire : struct, Enum => Enum.Parse<TWire>(value.ToString());
}
