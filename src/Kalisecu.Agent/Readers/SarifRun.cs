using Kalisecu.Agent.Reading;
using NodaTime;

namespace Kalisecu.Agent.Readers;

/// <summary>What the results of a run are read with: its tool and rules.</summary>
internal sealed class SarifRun
{
    /// <summary>The driver's place among the components; extensions follow from 0.</summary>
    public const int Driver = -1;

    private readonly Dictionary<string, SarifRule> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Component, int Index), SarifRule> _byIndex = [];

    public string ToolName { get; set; } = "unnamed tool";

    /// <summary>The name as the first half of a check.</summary>
    public string Tool => PlainText.Slug(ToolName);

    public string Version { get; set; } = string.Empty;

    public Instant? Started { get; set; }

    public Instant? Ended { get; set; }

    public bool Failed { get; set; }

    public void Add(int component, int index, SarifRule rule)
    {
        _byIndex[(component, index)] = rule;
        _byId.TryAdd(rule.Id, rule);
    }

    public SarifRule? Rule(string? id, int component, long? index)
    {
        if (index is >= 0 and < int.MaxValue && _byIndex.TryGetValue((component, (int)index), out var byIndex))
        {
            return byIndex;
        }

        // SARIF §3.27.5: an id may refine its rule's: CA1000/1 belongs to CA1000.
        while (!string.IsNullOrEmpty(id))
        {
            if (_byId.TryGetValue(id, out var byId))
            {
                return byId;
            }

            id = id.LastIndexOf('/') is > 0 and var slash ? id[..slash] : null;
        }

        return null;
    }
}

/// <summary>A <c>reportingDescriptor</c>, as far as findings need it.</summary>
internal sealed record SarifRule(string Id, string Title, string Description, string Recommendation)
{
    public string? Level { get; init; }

    public string? SecuritySeverity { get; init; }

    public IReadOnlyList<int> Cwes { get; init; } = [];

    public string HelpUri { get; init; } = string.Empty;
}
