namespace Kalisecu.Persons;

/// <summary>
/// All stores of personal data. An access export asks each, an erasure is complete when each has acknowledged; the order is
/// the same in every process, and the registry of persons itself comes last: until then a repeat still finds the person.
/// </summary>
internal sealed class PersonStores
{
    public PersonStores(IEnumerable<IPersonStore> stores)
    {
        All =
        [
            .. stores
                .DistinctBy(s => (s.GetType(), s.Name))
                .OrderBy(s => s.Order)
                .ThenBy(s => s.Name, StringComparer.Ordinal),
        ];
        var twice = All.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new InvalidOperationException($"Two stores of personal data are named {twice.Key}.");
        }
    }

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<IPersonStore> All { get; }

    public IPersonStore Of(string name) =>
        All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"No store of personal data is named {name}.", nameof(name));
}
