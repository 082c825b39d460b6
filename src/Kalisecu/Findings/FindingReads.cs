using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>The reads of findings that bypass the mapper: one statement each.</summary>
internal sealed class FindingReads(TenantReads reads, TenantDatabase database, CheckCatalogue catalogue, KeyRing keys)
{
    public async Task<V1.Finding> OneAsync(
        Guid tenantId,
        Guid findingId,
        Instant now,
        CancellationToken cancellationToken
    ) =>
        await reads.SingleAsync(
            tenantId,
            FindingSql.One,
            [Parameter(tenantId), Parameter(findingId)],
            reader => FindingRow.ReadWhole(reader, now, catalogue),
            cancellationToken
        ) ?? throw FindingErrors.Absent(findingId);

    /// <summary>The same inside a change, which sees what it has just written.</summary>
    public async Task<V1.Finding> OneInAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(FindingSql.One, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.Add(Parameter(tenantId));
        command.Parameters.Add(Parameter(findingId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? FindingRow.ReadWhole(reader, now, catalogue)
            : throw FindingErrors.Absent(findingId);
    }

    /// <summary>One row more than the page has, to know whether another page follows.</summary>
    public async Task<List<FindingRow>> ManyAsync(
        Guid tenantId,
        FindingFilter filter,
        FindingPosition? after,
        int pageSize,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var tenant = await database.OpenAsync(tenantId, cancellationToken);
        await using var command = FindingQuery.For(tenantId, filter, after, pageSize + 1, now, tenant.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<FindingRow>(pageSize + 1);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(FindingRow.Read(reader, now));
        }

        return rows;
    }

    /// <summary>The raw exchange of an occurrence, opened with the tenant's key.</summary>
    public async Task<byte[]> ExchangeAsync(
        Guid tenantId,
        Guid findingId,
        Guid occurrenceId,
        CancellationToken cancellationToken
    )
    {
        var value =
            await reads.SingleAsync(
                tenantId,
                FindingSql.Exchange,
                [Parameter(tenantId), Parameter(findingId), Parameter(occurrenceId)],
                static reader => reader.GetFieldValue<byte[]>(0),
                cancellationToken
            ) ?? throw FindingErrors.ExchangeAbsent(occurrenceId);
        return keys.For(tenantId).Decrypt(value, Occurrence.ExchangeIsA, occurrenceId);
    }

    public async Task DemandSiteAsync(Guid tenantId, Guid siteId, CancellationToken cancellationToken) =>
        _ =
            await reads.SingleAsync(
                tenantId,
                FindingSql.SiteExists,
                [Parameter(tenantId), Parameter(siteId)],
                static reader => (object)reader.GetGuid(0),
                cancellationToken
            ) ?? throw FindingErrors.SiteAbsent(siteId);

    private static NpgsqlParameter<Guid> Parameter(Guid value) => new() { TypedValue = value };
}
