using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using NodaTime;
using Npgsql;

namespace Kalisecu.Cli.OneMachine;

/// <summary>A private PostgreSQL 15 in a folder of its own, that lives no longer than this process.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    // Ours: recovery after a crash replays at most max_wal_size, which takes seconds.
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly PostgresSettings _settings;
    private readonly string _superuserPassword;

    private PostgresServer(Process process, PostgresSettings settings, string superuserPassword)
    {
        _process = process;
        _settings = settings;
        _superuserPassword = superuserPassword;
    }

    public int Port => _settings.Port;

    public int ProcessId => _process.Id;

    public PostgresFiles Files => _settings.Files;

    /// <summary>Ends when the server does, whoever stopped it.</summary>
    public Task WaitForExit(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Makes the cluster when there is none, starts the server and waits until it answers.</summary>
    /// <exception cref="StepFailed">It cannot be made or does not start.</exception>
    public static async Task<PostgresServer> StartAsync(
        PostgresSettings settings,
        CertificateAuthority authority,
        IClock clock,
        CancellationToken cancellationToken
    )
    {
        var files = settings.Files;
        await PostgresCluster.PrepareAsync(settings, cancellationToken);
        await PostgresLeftovers.RemoveAsync(files, StopWithin, cancellationToken);
        PostgresCluster.Configure(settings, authority, clock.GetCurrentInstant());

        var process = await ChildProcess.StartAsync(
            [PostgresBinaries.Find("postgres"), "-D", files.Cluster],
            "INT",
            PostgresCluster.User,
            start =>
            {
                start.RedirectStandardError = true;
                start.WorkingDirectory = "/";
                foreach (var (name, value) in PostgresSettings.Environment)
                {
                    start.Environment[name] = value;
                }
            }
        );
        var password = await File.ReadAllTextAsync(files.PasswordFile, cancellationToken);
        var server = new PostgresServer(process, settings, password);
        try
        {
            await server.WaitUntilReady(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string SuperuserConnection(string database = "postgres") =>
        Connection(PostgresBinaries.User, _superuserPassword, database);

    public string Connection(string role, string password, string database)
    {
        var address = Address(Files, Port);
        address.Database = database;
        address.Username = role;
        address.Password = password;
        return address.ConnectionString;
    }

    /// <summary>How to reach it: by the socket where there is one, else by TLS with our own authority.</summary>
    public static NpgsqlConnectionStringBuilder Address(PostgresFiles files, int port) =>
        files.HasSocket(port)
            ? new NpgsqlConnectionStringBuilder { Host = files.SocketFolder, Port = port }
            : new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                SslMode = SslMode.VerifyFull,
                RootCertificate = files.AuthorityFile,
            };

    /// <summary>Stops it as PostgreSQL's "fast shutdown": open transactions are rolled back, everything is written.</summary>
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
            // Crash recovery at the next start loses nothing that was committed.
            ChildProcess.Signal(_process.Id, PosixSignal.SIGQUIT);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        // Read all the time, so that the pipe never fills; what stands there is said before the log collector runs.
        var early = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        var connection = new NpgsqlConnectionStringBuilder(SuperuserConnection()) { Pooling = false, Timeout = 5 };
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var probe = new NpgsqlConnection(connection.ConnectionString);
                await probe.OpenAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (!_process.HasExited && watch.Elapsed < StartWithin)
            {
                if (exception is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword })
                {
                    throw new StepFailed(
                        "PostgreSQL does not accept its own superuser's password",
                        $"the file {Files.PasswordFile} does not belong to the cluster beside it; restore it, or start on another data folder",
                        exception
                    );
                }

                await Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                var said = _process.HasExited
                    ? (await early).Trim()
                    : $"not ready after {StartWithin.TotalSeconds:0} s";
                throw new StepFailed(
                    $"PostgreSQL did not start: {said}",
                    $"read {Files.NewestLog() ?? Files.LogFolder}",
                    exception
                );
            }
        }
    }
}
