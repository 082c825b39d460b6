using Kalisecu.Compliance;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenancy;

/// <summary>Clause SEC-4: every table of tenants stands behind forced row security, and no role of ours passes it.</summary>
internal sealed class RowSecurityCheck(DatabaseCatalogue catalogue) : IClauseCheck
{
    public string ClauseId => "SEC-4";

    public string Name => "row-security";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var walled = await catalogue.CountAsync(RowSecuritySql.WalledTables, cancellationToken);
        var open = await catalogue.ListAsync(RowSecuritySql.OpenTables, cancellationToken);
        if (open.Count > 0)
        {
            return ClauseFinding.Broken(
                $"Row security is not forced on {string.Join(", ", open)}.",
                ("walled_tables", walled),
                ("open_tables", open.Count)
            );
        }

        var roles = await catalogue.ListAsync(RowSecuritySql.PassingRoles, cancellationToken);
        if (roles.Count > 0)
        {
            return ClauseFinding.Broken($"Row security does not hold for {string.Join(", ", roles)}.");
        }

        var lax = await catalogue.ListAsync(RowSecuritySql.LaxPolicies, cancellationToken);
        return lax.Count > 0
            ? ClauseFinding.Broken($"A policy shows rows without asking for the tenant: {string.Join(", ", lax)}.")
            : ClauseFinding.Holds(
                $"Row security is forced on all {walled} tables of tenants, every policy asks for the tenant, and no role of "
                    + "ours owns a table or passes it.",
                ("walled_tables", walled)
            );
    }
}
