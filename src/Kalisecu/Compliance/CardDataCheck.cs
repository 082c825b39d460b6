using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause DATA-3: the database has no place for card data.</summary>
internal sealed class CardDataCheck(DatabaseCatalogue catalogue) : IClauseCheck
{
    public string ClauseId => "DATA-3";

    public string Name => "no-card-columns";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var found = await catalogue.ListAsync(HeldColumnsSql.OfCards, cancellationToken);
        return found.Count > 0
            ? ClauseFinding.Broken($"{string.Join(", ", found)} can hold card data.", ("card_columns", found.Count))
            : ClauseFinding.Holds("No column of the database can hold card data.", ("card_columns", 0));
    }
}
