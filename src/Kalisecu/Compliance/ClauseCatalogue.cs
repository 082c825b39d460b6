using System.Collections.Frozen;
using System.Text.Json;

namespace Kalisecu.Compliance;

/// <summary>The clauses that this version of the platform keeps (<c>catalogue/clauses.json</c>).</summary>
internal sealed class ClauseCatalogue
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly FrozenDictionary<string, Clause> _byId;

    private ClauseCatalogue(string version, IReadOnlyList<Clause> clauses)
    {
        Version = version;
        Clauses = clauses;
        _byId = clauses.ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);
    }

    /// <summary>The date of the policy that made them.</summary>
    public string Version { get; }

    /// <summary>In the order of the policy.</summary>
    public IReadOnlyList<Clause> Clauses { get; }

    public Clause? Find(string id) => _byId.GetValueOrDefault(id);

    public static ClauseCatalogue ReadEmbedded()
    {
        var assembly = typeof(ClauseCatalogue).Assembly;
        var name = assembly
            .GetManifestResourceNames()
            .Single(n => n.EndsWith(".clauses.json", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;
        var file =
            JsonSerializer.Deserialize<ClauseFile>(stream, Format)
            ?? throw new InvalidDataException("The catalogue of clauses is empty.");
        return new ClauseCatalogue(file.Version, file.Clauses);
    }

    private sealed record ClauseFile(string Version, IReadOnlyList<Clause> Clauses);
}
