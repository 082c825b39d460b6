using Google.Protobuf.WellKnownTypes;

namespace Kalisecu.Errors;

/// <summary>Reads which fields an update changes.</summary>
internal static class Masks
{
    /// <summary>The named fields; naming none, or one that cannot change, breaks a rule.</summary>
    public static IReadOnlySet<string> Read(FieldMask? mask, IReadOnlyList<string> changeable, Violations violations)
    {
        var paths = (mask?.Paths ?? []).ToHashSet(StringComparer.Ordinal);
        violations.Check(
            paths.Count > 0 && paths.IsSubsetOf(changeable),
            "update_mask",
            $"must name one or more of {string.Join(", ", changeable)}"
        );
        return paths;
    }
}
