using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>Writes batches of occurrences, each group of them in one transaction of the push that still is the scan's newest.</summary>
internal sealed class WriteOccurrences(TenantDatabase database, PushTarget target, DataKey key)
{
    public OccurrenceTuples Tuples() => new(target, key);

    /// <summary>Ends when the rows are durable.</summary>
    /// <param name="held">the connection of the group before; null: another is taken</param>
    /// <returns>the connection, for the next group</returns>
    public async Task<TenantConnection> RunAsync(
        TenantConnection? held,
        ReadOnlyMemory<byte> tuples,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await WriteAsync(
                held,
                tuples,
                target.IsResumed ? PushSql.InsertStagedMissing : PushSql.InsertStaged,
                cancellationToken
            );
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            // Something is there already: what an older stream wrote at the last moment. The broken transaction took its
            // connection along.
            return await WriteAsync(null, tuples, PushSql.InsertStagedMissing, cancellationToken);
        }
    }

    private async Task<TenantConnection> WriteAsync(
        TenantConnection? held,
        ReadOnlyMemory<byte> tuples,
        string insert,
        CancellationToken cancellationToken
    )
    {
        var connection = held;
        try
        {
            if (connection is null)
            {
                connection = await database.OpenAsync(target.TenantId, cancellationToken);
                await using var create = connection.Command(PushSql.CreateStage);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }
            else
            {
                await connection.BeginAgainAsync(cancellationToken);
            }

            await using (
                var copy = await connection.Connection.BeginRawBinaryCopyAsync(PushSql.CopyToStage, cancellationToken)
            )
            {
                await copy.WriteAsync(tuples, cancellationToken);
            }

            await InsertAsync(connection, insert, cancellationToken);
            await connection.CommitAsync(cancellationToken);
            return connection;
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw;
        }
    }

    private async Task InsertAsync(TenantConnection connection, string insert, CancellationToken cancellationToken)
    {
        await using var batch = connection.Batch();
        var fence = batch.CreateBatchCommand();
        fence.CommandText = PushSql.Fence;
        PushSql.Add(fence.Parameters, target.TenantId, target.ScanId, target.PushId);
        batch.BatchCommands.Add(fence);
        var rows = batch.CreateBatchCommand();
        rows.CommandText = insert;
        PushSql.Add(rows.Parameters, target.TenantId, target.Tool, target.ScanId, target.SiteId, target.Time);
        batch.BatchCommands.Add(rows);
        if (await batch.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw PushErrors.UnderWay(target.ScanId);
        }
    }
}
