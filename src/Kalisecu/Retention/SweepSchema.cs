using Kalisecu.Persistence;

namespace Kalisecu.Retention;

/// <summary>What sweeps ask the database about its tables; asked once, for tables change only with a new version.</summary>
internal sealed class SweepSchema(DatabaseCatalogue catalogue)
{
    private HashSet<string>? _restrictable;

    public async Task<bool> CanBeRestrictedAsync(string table, CancellationToken cancellationToken)
    {
        _restrictable ??= (await catalogue.ListAsync(SweepSql.Restrictable, cancellationToken)).ToHashSet(
            StringComparer.Ordinal
        );
        return _restrictable.Contains(table);
    }

    /// <summary>Rules in an order in which no row goes before one that refers to it.</summary>
    public async Task<IReadOnlyList<KeepingRule>> InOrderAsync(
        IEnumerable<KeepingRule> rules,
        CancellationToken cancellationToken
    )
    {
        var references = (await catalogue.ListAsync(SweepSql.References, cancellationToken))
            .Select(r => r.Split(' '))
            .ToLookup(r => r[1], r => r[0], StringComparer.Ordinal);
        // Technical data first: what holds up the client's own rows does not hold it up.
        var left = rules.OrderBy(r => r.Category is RetentionRule.TechnicalData ? 0 : 1).ToList();
        var ordered = new List<KeepingRule>(left.Count);
        while (left.Count > 0)
        {
            var next =
                left.Find(r =>
                    !left.Any(other =>
                        other != r && references[r.Table].Any(t => other.Tables.Contains(t, StringComparer.Ordinal))
                    )
                ) ?? throw new InvalidOperationException("Tables of tenants refer to each other in a circle.");
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }
}
