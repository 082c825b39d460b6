using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>
/// Sees all tables at one moment and marks that moment in PostgreSQL's log. For that all writing waits: for the time that two
/// short statements take, after whoever was writing has committed. The counting comes after.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "Names of tables come quoted from PostgreSQL's own catalogue")]
internal static class TakeManifest
{
    private const int Tries = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Of a running database.</summary>
    /// <param name="connection">A superuser's.</param>
    public static async Task<BackupManifest> RunAsync(
        string connection,
        string restorePoint,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await SuperuserConnection.OpenAsync(connection, cancellationToken);
        for (var tried = 1; ; tried++)
        {
            try
            {
                await using var snapshot = await SnapshotAsync(connection, reader, restorePoint, cancellationToken);
                return await CountAsync(reader, restorePoint, cancellationToken);
            }
            catch (PostgresException exception)
                when (tried < Tries
                    && exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                )
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Of a restored one, which nobody else writes to.</summary>
    public static async Task<BackupManifest> OfRestoredAsync(
        NpgsqlConnection restored,
        string restorePoint,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await restored.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellationToken
        );
        return await CountAsync(restored, restorePoint, cancellationToken);
    }

    private static async Task<NpgsqlTransaction> SnapshotAsync(
        string connection,
        NpgsqlConnection reader,
        string restorePoint,
        CancellationToken cancellationToken
    )
    {
        await using var holder = await SuperuserConnection.OpenAsync(connection, cancellationToken);
        var tables = await ListAsync(holder, ManifestSql.Tables, cancellationToken);
        await ExecuteAsync(holder, ManifestSql.GiveWay, cancellationToken);
        await using var hold = await holder.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(holder, $"lock table {string.Join(", ", tables)} in share mode", cancellationToken);

        var snapshot = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        // The first statement fixes what the transaction sees.
        await ExecuteAsync(reader, "select 1", cancellationToken);
        await using var mark = new NpgsqlCommand(ManifestSql.RestorePoint, holder);
        mark.Parameters.Add(new NpgsqlParameter { Value = restorePoint });
        await mark.ExecuteScalarAsync(cancellationToken);
        await hold.CommitAsync(cancellationToken);
        return snapshot;
    }

    private static async Task<BackupManifest> CountAsync(
        NpgsqlConnection connection,
        string restorePoint,
        CancellationToken cancellationToken
    )
    {
        var tables = new SortedDictionary<string, TableDigest>(StringComparer.Ordinal);
        foreach (var table in await ListAsync(connection, ManifestSql.Tables, cancellationToken))
        {
            tables[table] = await DigestAsync(connection, table, cancellationToken);
        }

        await using var version = new NpgsqlCommand(ManifestSql.SchemaVersion, connection);
        return new BackupManifest(
            restorePoint,
            (string)(await version.ExecuteScalarAsync(cancellationToken))!,
            tables["public.evidence_heads"],
            tables
        );
    }

    private static async Task<TableDigest> DigestAsync(
        NpgsqlConnection connection,
        string table,
        CancellationToken cancellationToken
    )
    {
        // A large table takes as long as it takes.
        await using var command = new NpgsqlCommand(ManifestSql.Digest(table), connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new TableDigest(row.GetInt64(0), row.GetString(1));
    }

    private static async Task<List<string>> ListAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
