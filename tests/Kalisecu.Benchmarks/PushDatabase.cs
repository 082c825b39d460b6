using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>The database of the push benchmark as its superuser sees it.</summary>
internal sealed partial class PushDatabase(NpgsqlConnectionStringBuilder superuser)
{
    /// <summary>Vacuuming comes when we ask for it, not in the middle of a measurement.</summary>
    public async Task TuneAsync(CancellationToken cancellationToken)
    {
        await RunAsync("alter system set autovacuum = off", cancellationToken);
        await RunAsync("select pg_reload_conf()", cancellationToken);
    }

    /// <summary>Each measurement of new rows starts with a table that holds none.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await RunAsync("truncate occurrences", cancellationToken);
        await SettleAsync(cancellationToken);
    }

    /// <summary>As autovacuum leaves it some time after a scan; index-only reads need its visibility map.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await RunAsync("vacuum (analyze)", cancellationToken);
        await RunAsync("checkpoint", cancellationToken);

        // Whatever a page writes first after a checkpoint is written whole: those are not the scan's own.
        await RunAsync("select pg_sleep(0.2)", cancellationToken);
    }

    public async Task<string> CopyOutAsync(string file, CancellationToken cancellationToken)
    {
        await PsqlAsync($"\\copy occurrences to '{file}' (format binary)", cancellationToken);
        return file;
    }

    public Task<double> CopyInAsync(string file, CancellationToken cancellationToken) =>
        PsqlAsync($"\\copy occurrences from '{file}' (format binary)", cancellationToken);

    /// <summary>Where the write-ahead log ends now.</summary>
    public Task<string> WalEndAsync(CancellationToken cancellationToken) =>
        AskAsync<string>("select pg_current_wal_lsn()::text", cancellationToken);

    /// <summary>
    /// Bytes of write-ahead log since then: of the records, and of the whole pages that each page's first change after a
    /// checkpoint adds to its record.
    /// </summary>
    public async Task<(double Records, double Pages)> WalSinceAsync(string start, CancellationToken cancellationToken)
    {
        await RunAsync("create extension if not exists pg_walinspect", cancellationToken);
        var sums = await AskAsync<double[]>(
            $"""
            select array[sum(record_size)::float8, sum(fpi_size)::float8]
            from pg_get_wal_stats('{start}', '{await WalEndAsync(cancellationToken)}')
            """,
            cancellationToken
        );
        return (sums[0], sums[1]);
    }

    /// <summary>psql's own measure of the statement: neither its start nor its connection counts.</summary>
    private async Task<double> PsqlAsync(string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "psql",
            ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", "\\timing on", "--command", command]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment =
            {
                ["PGHOST"] = superuser.Host,
                ["PGPORT"] = superuser.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = superuser.Username,
                ["PGPASSWORD"] = superuser.Password,
                ["PGDATABASE"] = superuser.Database,
            },
        };
        using var psql = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
        var output = await psql.StandardOutput.ReadToEndAsync(cancellationToken);
        await psql.WaitForExitAsync(cancellationToken);
        return psql.ExitCode == 0 && Time().Match(output) is { Success: true } time
            ? double.Parse(time.Groups["ms"].Value, CultureInfo.InvariantCulture) / 1000
            : throw new InvalidOperationException($"psql did not copy: {output}");
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements of our own making")]
    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements of our own making")]
    private async Task<T> AskAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [GeneratedRegex(@"Time: (?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();
}
