using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Kalisecu.Hosting;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>
/// PostgreSQL over a restored data folder, for us alone: it listens on a socket in a closed folder, archives nothing, and ends
/// with this process whatever ends that.
/// </summary>
internal sealed class ScratchServer : IAsyncDisposable
{
    // Replaying a week's log of a large database takes its time; a server that does not start ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);
    private const int KeptLines = 200;

    public const string Superuser = "postgres";

    /// <summary>Who may connect, beside the restored data.</summary>
    public const string AccessFile = "scratch_hba.conf";

    private readonly Process _process;
    private readonly DirectoryInfo _socket;
    private readonly Queue<string> _log = new();

    private ScratchServer(Process process, DirectoryInfo socket) => (_process, _socket) = (process, socket);

    /// <summary>Starts it and waits until recovery has paused at a place in the log, or until it is through.</summary>
    /// <param name="data">The restored data folder.</param>
    /// <param name="recovery">Settings of the recovery, such as its target; they hold before our own.</param>
    public static async Task<ScratchServer> StartAsync(
        BackupOptions options,
        string data,
        IReadOnlyDictionary<string, string> recovery,
        CancellationToken cancellationToken
    )
    {
        // Short, because a socket's path may have 107 bytes; closed to others by its mode.
        var socket = Directory.CreateTempSubdirectory("kalisecu-");
        var access = Path.Combine(data, AccessFile);
        await File.WriteAllTextAsync(access, "local all all trust\n", cancellationToken);
        var configuration = Path.Combine(data, "postgresql.conf");
        if (!File.Exists(configuration))
        {
            await File.WriteAllTextAsync(configuration, "", cancellationToken);
        }

        await PostgresUser.OwnAsync(options, socket.FullName, cancellationToken);
        await PostgresUser.OwnAsync(options, access, cancellationToken);
        await PostgresUser.OwnAsync(options, configuration, cancellationToken);
        List<string> program = [Path.Combine(options.PostgresPrograms, "postgres"), "-D", data];
        // The last one of a name holds.
        foreach (var (name, value) in Settings(socket.FullName, access).Concat(recovery))
        {
            program.AddRange(["-c", $"{name}={value}"]);
        }

        var server = new ScratchServer(await PostgresUser.StartAsync(options, program), socket);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.BeginErrorReadLine();
        server._process.BeginOutputReadLine();
        try
        {
            await server.WaitAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string Connection(string role, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = _socket.FullName,
            Username = role,
            Database = database,
            Pooling = false,
        }.ConnectionString;

    /// <summary>Stops it so that all is written.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        ChildProcess.Signal(_process.Id, PosixSignal.SIGINT);
        using var timeout = new CancellationTokenSource(StopWithin);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            ChildProcess.Signal(_process.Id, PosixSignal.SIGQUIT);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _socket.Delete(recursive: true);
    }

    private static Dictionary<string, string> Settings(string socket, string access) =>
        new(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "",
            ["unix_socket_directories"] = socket,
            ["port"] = "5432",
            ["hba_file"] = access,
            ["ssl"] = "off",
            ["archive_mode"] = "off",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
            ["shared_preload_libraries"] = "",
            // What is thrown away need not survive anything.
            ["fsync"] = "off",
            ["full_page_writes"] = "off",
            ["hot_standby"] = "on",
        };

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited || watch.Elapsed > Patience)
            {
                await Task.Delay(LookEvery, CancellationToken.None);
                throw new BackupFailed($"The restored PostgreSQL did not start: {Said()}");
            }

            if (await IsThereAsync(cancellationToken))
            {
                return;
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await SuperuserConnection.OpenAsync(
                Connection(Superuser, "postgres"),
                cancellationToken
            );
            await using var command = new NpgsqlCommand(
                "select not pg_is_in_recovery() or pg_get_wal_replay_pause_state() = 'paused'",
                connection
            );
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            if (line is not null)
            {
                _log.Enqueue(line);
            }

            if (_log.Count > KeptLines)
            {
                _log.Dequeue();
            }
        }
    }

    private string Said()
    {
        lock (_log)
        {
            var wrong = _log.Where(l =>
                l.Contains("FATAL", StringComparison.Ordinal)
                || l.Contains("PANIC", StringComparison.Ordinal)
                || l.Contains("ERROR", StringComparison.Ordinal)
            );
            var text = new StringBuilder();
            foreach (var line in wrong.TakeLast(2))
            {
                text.Append(line[(line.IndexOf("] ", StringComparison.Ordinal) + 1)..].Trim()).Append(' ');
            }

            return text.Length > 0 ? text.ToString().Trim() : _log.LastOrDefault() ?? "it said nothing";
        }
    }
}
