using System.Text.Json;

namespace Kalisecu.Agent.Catalogue;

/// <summary>
/// Which rules of which tools are one and the same check. A mapped rule's findings carry the catalogue's name, so two tools
/// that see one weakness open one finding. Mapping a rule changes the identity of its findings: it is done once, early.
/// </summary>
internal sealed class CheckCatalogue
{
    private const string Resource = "Kalisecu.Agent.Catalogue.checks.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, CatalogueCheck> _byRule;
    private readonly Dictionary<string, CatalogueCheck> _byName;

    private CheckCatalogue(CatalogueFile file)
    {
        Version = file.Version;
        _byName = file.Checks.ToDictionary(check => check.Check, StringComparer.Ordinal);
        _byRule = file
            .Checks.SelectMany(check => check.Rules.Select(rule => (Key: Unmapped(rule.Tool, rule.Rule), Check: check)))
            .ToDictionary(pair => pair.Key, pair => pair.Check, StringComparer.Ordinal);
    }

    public string Version { get; }

    /// <summary>The catalogue that this agent was built with.</summary>
    public static CheckCatalogue Load()
    {
        using var stream =
            typeof(CheckCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build lacks {Resource}.");
        return new CheckCatalogue(JsonSerializer.Deserialize<CatalogueFile>(stream, Options)!);
    }

    /// <summary>The check of a rule: the first spelling that is mapped, else <c>tool:rule</c> of the first.</summary>
    public string CheckOf(string tool, string rule, string? broaderRule = null) =>
        Find(tool, rule, broaderRule)?.Check ?? Unmapped(tool, rule);

    public bool Knows(string tool, string rule, string? broaderRule = null) =>
        Find(tool, rule, broaderRule) is not null;

    public string? TitleOf(string check) => _byName.GetValueOrDefault(check)?.Title.En;

    private static string Unmapped(string tool, string rule) => $"{tool}:{rule}";

    private CatalogueCheck? Find(string tool, string rule, string? broaderRule) =>
        _byRule.GetValueOrDefault(Unmapped(tool, rule))
        ?? (broaderRule is null ? null : _byRule.GetValueOrDefault(Unmapped(tool, broaderRule)));
}

internal sealed record CatalogueFile(string Version, IReadOnlyList<CatalogueCheck> Checks);

internal sealed record CatalogueCheck(string Check, CatalogueText Title, IReadOnlyList<CatalogueRule> Rules);

internal sealed record CatalogueText(string Fr, string En);

internal sealed record CatalogueRule(string Tool, string Rule);
