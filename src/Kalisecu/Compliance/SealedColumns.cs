using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Kalisecu.Compliance;

/// <summary>The columns of one table that hold what is sealed for its owner, and how many of their values are read as a sample.</summary>
internal sealed record SealedColumns(string Table, bool IsOfTenants, string Owner, IReadOnlyList<string> Columns)
{
    // The newest rows of a table: what was written since the last look is among them.
    private const int Rows = 20;

    public static IReadOnlyList<SealedColumns> Of(IModel model) =>
        [
            .. from entity in model.GetEntityTypes()
            let personal = entity
                .GetFlattenedProperties()
                .Where(p => p.ClrType == typeof(byte[]))
                .Where(p => p.FindAnnotation(ColumnClass.Annotation)?.Value is ColumnClass.Personal)
                .Select(p => p.GetColumnName())
                .ToList()
            let key = entity.FindPrimaryKey()?.Properties[^1]
            where personal.Count > 0 && key is not null && key.ClrType == typeof(Guid)
            select new SealedColumns(
                entity.GetTableName()!,
                entity.GetFlattenedProperties().Any(p => p.GetColumnName() is "tenant_id"),
                key.GetColumnName(),
                personal
            ),
        ];

    /// <summary>Looks at the newest rows of a tenant.</summary>
    /// <returns>How many values are sealed, and the column of the first that is not.</returns>
    public async Task<(long Sealed, string? Clear)> SampleAsync(
        TenantConnection tenant,
        DataKey key,
        CancellationToken cancellationToken
    )
    {
        // Names are those of our own model; identifiers take no parameters.
        var only = IsOfTenants ? "where tenant_id = $1" : "";
        await using var command = tenant.Command(
            $"select {Owner}, {string.Join(", ", Columns)} from {Table} {only} order by {Owner} desc limit {Rows}"
        );
        if (IsOfTenants)
        {
            command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = tenant.TenantId });
        }

        long count = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var i = 0; i < Columns.Count; i++)
            {
                if (await reader.IsDBNullAsync(i + 1, cancellationToken))
                {
                    continue;
                }

                var value = await reader.GetFieldValueAsync<byte[]>(i + 1, cancellationToken);
                if (!key.Sealed(value, Columns[i], reader.GetGuid(0)))
                {
                    return (count, $"{Table}.{Columns[i]}");
                }

                count++;
            }
        }

        return (count, null);
    }
}
