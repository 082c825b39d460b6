using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>
/// Clause SEC-2: what identifies persons is sealed in the database. The columns' types are looked at all, and the newest values
/// of the newest clients are opened.
/// </summary>
internal sealed class SealedColumnsCheck(
    AllTenants allTenants,
    TenantDatabase database,
    IDbContextFactory<KalisecuDb> contexts,
    KeyRing keys
) : IClauseCheck
{
    // With twenty rows a table: a few hundred small reads.
    private const int Clients = 20;

    private static readonly DataCategory[] Identifying =
    [
        DataCategory.Identity,
        DataCategory.Contact,
        DataCategory.Credentials,
    ];

    public string ClauseId => "SEC-2";

    public string Name => "sealed-columns";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var clear = db
            .Model.GetEntityTypes()
            .SelectMany(e => e.GetFlattenedProperties())
            .Where(p => p.ClrType == typeof(string))
            .Where(p =>
                p.FindAnnotation(ColumnClass.Annotation)?.Value is ColumnClass.Personal personal
                && Identifying.Contains(personal.Category)
            )
            .Select(p => $"{p.DeclaringType.GetTableName()}.{p.GetColumnName()}")
            .ToList();
        if (clear.Count > 0)
        {
            return ClauseFinding.Broken($"Columns that identify persons hold text: {string.Join(", ", clear)}.");
        }

        var tables = SealedColumns.Of(db.Model);
        var tenants = await allTenants.RunAsync(
            platform =>
                platform
                    .Set<Tenant>()
                    .OrderByDescending(t => t.CreateTime)
                    .Take(Clients)
                    .Select(t => t.TenantId)
                    .ToListAsync(cancellationToken),
            cancellationToken
        );
        return await SampleAsync(tables, [TenantScope.Platform, .. tenants], cancellationToken);
    }

    private async Task<ClauseFinding> SampleAsync(
        IReadOnlyList<SealedColumns> tables,
        IReadOnlyList<Guid> tenants,
        CancellationToken cancellationToken
    )
    {
        long count = 0;
        foreach (var tenantId in tenants)
        {
            var isPlatform = tenantId == TenantScope.Platform;
            var key = keys.For(tenantId);
            await using var tenant = await database.OpenAsync(tenantId, cancellationToken);
            foreach (var table in tables.Where(t => t.IsOfTenants || isPlatform))
            {
                var (found, clear) = await table.SampleAsync(tenant, key, cancellationToken);
                count += found;
                if (clear is not null)
                {
                    return ClauseFinding.Broken($"A value of {clear} is not sealed.", ("values", count));
                }
            }
        }

        (string, long)[] figures = [("values", count), ("tables", tables.Count), ("clients", tenants.Count - 1)];
        return count == 0
            ? ClauseFinding.Unproven("There is no value to look at yet.", figures)
            : ClauseFinding.Holds(
                $"The newest {count} values of {tables.Count} tables, of {tenants.Count - 1} clients and the platform, are sealed "
                    + "with their owner's key.",
                figures
            );
    }
}
