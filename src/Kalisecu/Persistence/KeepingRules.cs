namespace Kalisecu.Persistence;

/// <summary>All rules of this version of the platform.</summary>
internal sealed class KeepingRules
{
    private readonly Dictionary<string, KeepingRule> _byName;

    public KeepingRules(IReadOnlyList<IRetention> capabilities)
    {
        All = [.. capabilities.SelectMany(c => c.Rules).OrderBy(r => r.Name, StringComparer.Ordinal)];
        _byName = All.ToDictionary(r => r.Name, StringComparer.Ordinal);
        Reasons = capabilities
            .SelectMany(c => c.Reasons)
            .ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<KeepingRule> All { get; }

    /// <summary>Tables that no rule ends, and why.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; }

    public IEnumerable<KeepingRule> Of(KeepingAction action) => All.Where(r => r.Action == action);

    public KeepingRule? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Those that the capabilities of this assembly have beside their code.</summary>
    public static KeepingRules OfPlatform() =>
        new([
            .. typeof(IRetention)
                .Assembly.GetTypes()
                .Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IRetention)))
                .Select(t => (IRetention)Activator.CreateInstance(t)!),
        ]);
}
