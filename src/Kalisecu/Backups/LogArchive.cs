using System.Diagnostics;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>PostgreSQL's log on its way into the repository.</summary>
internal static class LogArchive
{
    // A segment of 16 MB is compressed, encrypted and stored in about a second; an object storage may be slow.
    private static readonly TimeSpan ArchivedWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private const string Mark = "select pg_walfile_name(pg_create_restore_point($1))";

    private const string Here = "select pg_walfile_name(pg_current_wal_lsn())";

    /// <summary>Begins a new segment, so that the one before it goes to the archive.</summary>
    private const string Switch = "select pg_switch_wal()";

    /// <summary>The newest archived segment of the present timeline, or nothing.</summary>
    private const string Archived = """
        select coalesce(last_archived_wal, '') from pg_stat_archiver
        where last_archived_wal ~ '^[0-9A-F]{24}$'
        """;

    /// <summary>How old the end of what is archived is: what would be lost if this machine were, now.</summary>
    private const string Exposure = """
        select extract(epoch from clock_timestamp() - greatest(last_archived_time, pg_postmaster_start_time()))::bigint
        from pg_stat_archiver
        """;

    /// <summary>Seconds since the log was archived last.</summary>
    public static async Task<long> ExposureAsync(string connection, CancellationToken cancellationToken)
    {
        await using var opened = await SuperuserConnection.OpenAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Exposure, opened);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Marks this moment in the log and waits until the mark is in the repository.</summary>
    public static async Task MarkAsync(string connection, string restorePoint, CancellationToken cancellationToken)
    {
        await using var opened = await SuperuserConnection.OpenAsync(connection, cancellationToken);
        await using var mark = new NpgsqlCommand(Mark, opened);
        mark.Parameters.Add(new NpgsqlParameter { Value = restorePoint });
        await ArchiveAsync(opened, (string)(await mark.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
    }

    /// <summary>Waits until all that is in the log now is in the repository.</summary>
    public static async Task FlushAsync(string connection, CancellationToken cancellationToken)
    {
        await using var opened = await SuperuserConnection.OpenAsync(connection, cancellationToken);
        await using var here = new NpgsqlCommand(Here, opened);
        await ArchiveAsync(opened, (string)(await here.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
    }

    private static async Task ArchiveAsync(NpgsqlConnection opened, string file, CancellationToken cancellationToken)
    {
        // In a statement of its own: together with the mark it would come before the mark's commit.
        await using var change = new NpgsqlCommand(Switch, opened);
        await change.ExecuteScalarAsync(cancellationToken);
        await using var archived = new NpgsqlCommand(Archived, opened);
        var watch = Stopwatch.StartNew();
        while (string.CompareOrdinal((string?)await archived.ExecuteScalarAsync(cancellationToken) ?? "", file) < 0)
        {
            if (watch.Elapsed > ArchivedWithin)
            {
                throw new BackupFailed($"PostgreSQL's log does not reach the repository: {file} is not archived.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }
}
