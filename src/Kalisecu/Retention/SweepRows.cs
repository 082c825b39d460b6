using System.Diagnostics.CodeAnalysis;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>
/// Deletes what a rule ends, batch by batch: each a transaction of its own, short enough that nobody waits for it, with the
/// certificate moved in it. Two may sweep at once; a batch that was cut off is done again.
/// </summary>
internal sealed class SweepRows(
    RestrictedRows rows,
    ObjectFolder objects,
    KeyRing keys,
    SweepSchema schema,
    IClock clock
)
{
    // A transaction of some tens of milliseconds; smaller ones cost commits, larger ones hold locks for longer.
    private const int RowsAtOnce = 20_000;

    // What goes with a row is not counted: other tables' rows, or a file that is removed while the transaction is open.
    private const int BurdenedRowsAtOnce = 500;

    /// <summary>Deletes what one rule ends, in all tenants.</summary>
    /// <returns>How many rows went.</returns>
    public async Task<long> RunAsync(
        Guid sweepId,
        KeepingRule rule,
        Action<long> report,
        CancellationToken cancellationToken
    )
    {
        var before = rule.Period.EndedBefore(clock.GetCurrentInstant());
        var certificate = new SweepCertificate(sweepId, rule, TenantScope.Platform, before);
        var canBeRestricted = await schema.CanBeRestrictedAsync(rule.Table, cancellationToken);
        var fast = SweepSql.Rows(rule, canBeRestricted, skipsLocked: false);
        var around = SweepSql.Rows(rule, canBeRestricted, skipsLocked: true);
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        var from = Instant.MinValue;
        var total = 0L;
        while (true)
        {
            SweptBatch swept;
            try
            {
                swept = await BatchAsync(all, fast, before, from, certificate, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable)
            {
                await all.BeginAgainAsync(cancellationToken);
                swept = await BatchAsync(all, around, before, from, certificate, cancellationToken);
            }

            total += swept.Rows;
            report(total);
            if (swept.Selected < BatchSize(rule))
            {
                return total;
            }

            // What went before leaves dead entries in the index: the next batch starts behind them.
            from = swept.Last;
            await all.BeginAgainAsync(cancellationToken);
        }
    }

    /// <summary>The rows of one tenant whose contract ended.</summary>
    /// <returns>How many rows went.</returns>
    public async Task<long> RunOfTenantAsync(
        Guid sweepId,
        KeepingRule rule,
        Guid tenantId,
        Action<long> report,
        CancellationToken cancellationToken
    )
    {
        var before = rule.Period.EndedBefore(clock.GetCurrentInstant());
        var certificate = new SweepCertificate(sweepId, rule, tenantId, before);
        var sql = SweepSql.OfTenant(rule);
        await using var tenant = await rows.OpenAsync(tenantId, cancellationToken);
        var total = 0L;
        while (true)
        {
            var swept = await BatchAsync(tenant, sql, tenantId, Instant.MinValue, certificate, cancellationToken);
            total += swept.Rows;
            report(total);
            if (swept.Selected < BatchSize(rule))
            {
                return total;
            }

            await tenant.BeginAgainAsync(cancellationToken);
        }
    }

    private static int BatchSize(KeepingRule rule) =>
        rule.Owned.Count == 0 && rule.ObjectColumn is null ? RowsAtOnce : BurdenedRowsAtOnce;

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task<SweptBatch> BatchAsync<T>(
        TenantConnection connection,
        string sql,
        T due,
        Instant from,
        SweepCertificate certificate,
        CancellationToken cancellationToken
    )
    {
        var now = Moment.Stored(clock.GetCurrentInstant());
        SweptBatch swept;
        await using (var batch = connection.Batch())
        {
            batch.Timeout = 0;
            batch.BatchCommands.Add(new NpgsqlBatchCommand(SweepSql.BePatientForMoments));
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = due });
            command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize(certificate.Rule) });
            command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = from });
            batch.BatchCommands.Add(command);
            swept = await ReadAsync(batch, certificate.Rule, cancellationToken);
        }

        if (swept.Rows > 0)
        {
            var removed = await RemoveAsync(connection, certificate.Rule, swept, cancellationToken);
            await certificate.MoveAsync(connection, swept.Rows, removed, swept.Digest, now, cancellationToken);
        }

        await connection.CommitAsync(cancellationToken);
        return swept;
    }

    private static async Task<SweptBatch> ReadAsync(
        NpgsqlBatch batch,
        KeepingRule rule,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SweptBatch(
            reader.GetInt64(0),
            SweepSql.HasIdentifier(rule)
                ? SweepCommands.DigestOf(await reader.GetFieldValueAsync<Guid[]>(1, cancellationToken))
                : SweepCommands.DigestOf(await reader.GetFieldValueAsync<string[]>(1, cancellationToken)),
            await reader.IsDBNullAsync(2, cancellationToken)
                ? Instant.MinValue
                : await reader.GetFieldValueAsync<Instant>(2, cancellationToken),
            reader.GetInt64(3),
            await reader.GetFieldValueAsync<Guid[]>(4, cancellationToken),
            await reader.GetFieldValueAsync<string?[]>(5, cancellationToken)
        );
    }

    /// <summary>Objects go before their rows are seen to be gone: whatever is cut off is done again.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task<int> RemoveAsync(
        TenantConnection connection,
        KeepingRule rule,
        SweptBatch swept,
        CancellationToken cancellationToken
    )
    {
        var removed = 0;
        foreach (var (tenantId, name) in swept.ObjectTenants.Zip(swept.Objects).Distinct())
        {
            if (rule.ObjectHasKey)
            {
                objects.RemoveAll(tenantId);
                keys.Destroy(tenantId);
                removed += name is null ? 0 : 1;
                continue;
            }

            if (name is null)
            {
                continue;
            }

            // The same document is stored once, however many rows name it.
            var table = rule.ObjectsAreOwned ? rule.Owned[0] : rule.Table;
            await using var command = connection.Command(
                $"select exists (select from {table} where tenant_id = $1 and {rule.ObjectColumn} = $2)"
            );
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenantId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            if (await command.ExecuteScalarAsync(cancellationToken) is false)
            {
                objects.Remove(tenantId, name);
                removed++;
            }
        }

        return removed;
    }

    private sealed record SweptBatch(
        long Rows,
        byte[] Digest,
        Instant Last,
        long Selected,
        Guid[] ObjectTenants,
        string?[] Objects
    );
}
