using Kalisecu.Compliance;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenancy;

/// <summary>Clause DATA-6: not even platform-wide work sees technical data of clients; it is read inside one tenant alone.</summary>
internal sealed class ConfidentialityCheck(DatabaseCatalogue catalogue) : IClauseCheck
{
    public string ClauseId => "DATA-6";

    public string Name => "technical-data";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var wide = await catalogue.ListAsync(RowSecuritySql.WideTechnicalPolicies, cancellationToken);
        if (wide.Count > 0)
        {
            return ClauseFinding.Broken($"Technical data is seen across clients: {string.Join(", ", wide)}.");
        }

        var closed = await catalogue.CountAsync(RowSecuritySql.ClosedTechnicalTables, cancellationToken);
        return closed < RowSecuritySql.TechnicalTables
            ? ClauseFinding.Broken(
                $"Only {closed} of {RowSecuritySql.TechnicalTables} tables with technical data have a wall of their own.",
                ("tables", closed)
            )
            : ClauseFinding.Holds(
                $"All {closed} tables with technical data are open inside one client's transaction only.",
                ("tables", closed)
            );
    }
}
