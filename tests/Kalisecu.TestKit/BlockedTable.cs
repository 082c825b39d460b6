using NodaTime;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>A table that nobody reaches until this is disposed: whoever asks for it waits.</summary>
internal sealed class BlockedTable : IAsyncDisposable
{
    private static readonly Duration Patience = Duration.FromSeconds(30);

    private readonly NpgsqlConnection _connection;
    private readonly TestServer _server;

    private BlockedTable(TestServer server, NpgsqlConnection connection) =>
        (_server, _connection) = (server, connection);

    /// <summary>Blocks it by a statement in a transaction of the superuser's.</summary>
    /// <param name="lockSql">Such as <c>lock table members in access exclusive mode</c>.</param>
    public static async Task<BlockedTable> ByAsync(TestServer server, string lockSql)
    {
        var connection = new NpgsqlConnection(server.Database.Superuser + ";Pooling=false");
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand("begin; " + lockSql, connection);
        await begin.ExecuteNonQueryAsync();
        return new BlockedTable(server, connection);
    }

    /// <summary>Returns when so many statements of the server wait for a lock.</summary>
    public async Task UntilWaitingAsync(long count)
    {
        var started = SystemClock.Instance.GetCurrentInstant();
        while (await WaitingAsync() != count)
        {
            if (SystemClock.Instance.GetCurrentInstant() - started > Patience)
            {
                throw new TimeoutException($"Not {count} statements wait for a lock, but {await WaitingAsync()}.");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Runs a statement as the one who blocks, and lets the others go on.</summary>
    public async Task CommitAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql + "; commit", _connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private Task<long> WaitingAsync() =>
        _server.Given.AskAsync<long>(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and usename = 'kalisecu_server' and wait_event_type = 'Lock'
            """
        );
}
