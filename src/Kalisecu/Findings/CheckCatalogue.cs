using System.Collections.Frozen;
using System.Text.Json;

namespace Kalisecu.Findings;

/// <summary>A text in both languages of the platform.</summary>
internal sealed record CheckText(string Fr, string En);

/// <summary>A rule of a tool that is mapped to a check.</summary>
internal sealed record CheckRule(string Tool, string Rule);

/// <summary>A weakness under one name, whichever tool finds it.</summary>
internal sealed record CatalogueCheck(
    string Check,
    Severity Severity,
    IReadOnlyList<int> Cwe,
    CheckText Title,
    CheckText Description,
    CheckText Recommendation,
    IReadOnlyList<CheckRule> Rules
);

/// <summary>A catalogue that agents may still have, told by what it names otherwise than this one.</summary>
internal sealed record EarlierCatalogue(string Version, IReadOnlyList<FormerName> Named);

/// <summary>How an earlier catalogue named a rule of a tool.</summary>
/// <param name="Check">Empty: it did not map the rule.</param>
internal sealed record FormerName(string Tool, string Rule, string Check);

/// <summary>A rule of a tool that an agent's catalogue names otherwise than this one.</summary>
/// <param name="Former">The check there. Empty: none.</param>
/// <param name="Check">The check here. Empty: none.</param>
internal sealed record RenamedRule(string Rule, string Former, string Check);

/// <summary>The catalogue of checks that this version of the platform was built with (<c>catalogue/checks.json</c>).</summary>
internal sealed class CheckCatalogue
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter<Severity>() },
    };

    private readonly FrozenDictionary<string, CatalogueCheck> _byName;
    private readonly FrozenDictionary<(string Tool, string Rule), CatalogueCheck> _byRule;

    private readonly FrozenDictionary<string, EarlierCatalogue> _earlier;

    public CheckCatalogue(string version, IReadOnlyList<CatalogueCheck> checks, IReadOnlyList<EarlierCatalogue> earlier)
    {
        Version = version;
        _earlier = earlier.ToFrozenDictionary(e => e.Version, StringComparer.Ordinal);
        Checks = [.. checks.OrderBy(c => c.Check, StringComparer.Ordinal)];
        _byName = checks.ToFrozenDictionary(c => c.Check, StringComparer.Ordinal);
        _byRule = checks
            .SelectMany(c => c.Rules.Select(r => (Key: (r.Tool, r.Rule), Check: c)))
            .ToFrozenDictionary(r => r.Key, r => r.Check);
    }

    public string Version { get; }

    /// <summary>By name, in the order of their bytes.</summary>
    public IReadOnlyList<CatalogueCheck> Checks { get; }

    public CatalogueCheck? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The check to which a rule of a tool is mapped; null when the catalogue does not know it.</summary>
    public CatalogueCheck? FindRule(string tool, string rule) => _byRule.GetValueOrDefault((tool, rule));

    /// <summary>What a catalogue of this version names otherwise for a tool; null when nothing is known of it (any more, or yet).</summary>
    public IReadOnlyList<RenamedRule>? RenamedSince(string version, string tool) =>
        string.Equals(version, Version, StringComparison.Ordinal) ? []
        : !_earlier.TryGetValue(version, out var earlier) ? null
        :
        [
            .. earlier
                .Named.Where(n => string.Equals(n.Tool, tool, StringComparison.Ordinal))
                .Select(n => new RenamedRule(n.Rule, n.Check, FindRule(tool, n.Rule)?.Check ?? "")),
        ];

    public static CheckCatalogue ReadEmbedded()
    {
        var assembly = typeof(CheckCatalogue).Assembly;
        var name = assembly
            .GetManifestResourceNames()
            .Single(n => n.EndsWith(".checks.json", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;
        return Read(stream);
    }

    internal static CheckCatalogue Read(Stream json)
    {
        var file =
            JsonSerializer.Deserialize<CatalogueFile>(json, Format)
            ?? throw new InvalidDataException("The catalogue of checks is empty.");
        return new CheckCatalogue(file.Version, file.Checks, file.Earlier);
    }

    private sealed record CatalogueFile(
        string Version,
        IReadOnlyList<EarlierCatalogue> Earlier,
        IReadOnlyList<CatalogueCheck> Checks
    );
}
