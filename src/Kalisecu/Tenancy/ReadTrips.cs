using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>
/// One worker's trips, over one connection that stays open. Given back to the pool after each, its session would be reset by
/// seven statements, which was a fifth to a third of PostgreSQL's work for such reads (docs/benchmarks.md, Calls). Nothing is
/// left to reset: every setting of a trip ends with its transaction.
/// </summary>
internal sealed class ReadTrips(NpgsqlDataSource source) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>Answers or fails each of these reads.</summary>
    public async Task RunAsync(IReadOnlyList<PendingRead> reads)
    {
        var isFresh = _connection is null;
        try
        {
            await RunTogetherAsync(_connection ??= await source.OpenConnectionAsync(), reads);
        }
        catch (PostgresException exception) when (exception.SqlState is not PostgresErrorCodes.AdminShutdown)
        {
            await RunApartAsync(reads, exception);
        }
#pragma warning disable CA1031 // Whatever it is, it is the answer to those who wait.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await DisposeAsync();
            var undone = reads.Where(r => !r.IsDone).ToList();
            if (exception is NpgsqlException && !isFresh)
            {
                // The database went away since the last trip, and may be back.
                await RunAsync(undone);
                return;
            }

            undone.ForEach(r => r.Fail(exception));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } lost)
        {
            _connection = null;
            await lost.DisposeAsync();
        }
    }

    // One statement failed and took the whole trip with it: each goes alone, so that only the guilty one fails.
    private async Task RunApartAsync(IReadOnlyList<PendingRead> reads, PostgresException exception)
    {
        if (reads is [var guilty])
        {
            guilty.Fail(exception);
            return;
        }

        foreach (var read in reads.Where(r => !r.IsDone))
        {
            await RunAsync([read]);
        }
    }

    private static async Task RunTogetherAsync(NpgsqlConnection connection, IReadOnlyList<PendingRead> reads)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var read in reads)
        {
            // A batch is one implicit transaction: a later setting replaces an earlier one for the statements after it.
            var name = new NpgsqlBatchCommand(TenantSql.NameTenant);
            TenantSql.AddScope(name.Parameters, read.Scope);
            batch.BatchCommands.Add(name);
            batch.BatchCommands.Add(read.Command());
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var read in reads)
        {
            await reader.NextResultAsync();
            await read.TakeAsync(reader);
            await reader.NextResultAsync();
        }
    }
}
