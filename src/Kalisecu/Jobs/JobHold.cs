using Kalisecu.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Kalisecu.Jobs;

/// <summary>
/// A job, held on the whole platform by one connection: PostgreSQL lets go of it when the connection ends, so a process that
/// died holds nothing, and whoever holds the job knows that nobody else runs it.
/// </summary>
internal sealed class JobHold : IAsyncDisposable
{
    private JobHold(NpgsqlConnection connection) => Connection = connection;

    public NpgsqlConnection Connection { get; }

    /// <summary>Waits until nobody else holds the job.</summary>
    public static async Task<JobHold> TakeAsync(
        NpgsqlDataSource source,
        string job,
        CancellationToken cancellationToken
    ) => (await TakeAsync(source, JobSql.Hold, job, cancellationToken))!;

    /// <summary>Null when another process holds it.</summary>
    public static Task<JobHold?> TryTakeAsync(
        NpgsqlDataSource source,
        string job,
        CancellationToken cancellationToken
    ) => TakeAsync(source, JobSql.TryHold, job, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // A pooled connection lives on: what it holds must go now, not when it is used next.
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", Connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // Broken: its session is over, and the hold with it.
        }

        await Connection.DisposeAsync();
    }

    private static async Task<JobHold?> TakeAsync(
        NpgsqlDataSource source,
        string sql,
        string job,
        CancellationToken cancellationToken
    )
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
#pragma warning disable CA2100 // One of the two constants above.
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
            command.Parameters.Add(
                new NpgsqlParameter<long> { TypedValue = Ids.LockKey("job:" + job), NpgsqlDbType = NpgsqlDbType.Bigint }
            );
            if (await command.ExecuteScalarAsync(cancellationToken) is not false)
            {
                return new JobHold(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }
}
