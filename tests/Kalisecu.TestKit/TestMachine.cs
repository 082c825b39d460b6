using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Persistence;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>
/// PostgreSQL as durable as in production and the server as processes of their own, on ports that stay: for tests that kill
/// them, and for measurements.
/// </summary>
internal sealed class TestMachine : IAsyncDisposable
{
    // Far above what a start takes on a loaded machine: a server that never answers becomes a failure that shows its log.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder;
    private readonly TestPostgres _postgres;
    private readonly SupervisedProcess _server;
    private readonly int _port;
    private readonly string _database;

    private TestMachine(
        TestFolder folder,
        TestPostgres postgres,
        TestAuthorities authorities,
        int port,
        string database
    )
    {
        (_folder, _postgres, Authorities, _port, _database) = (folder, postgres, authorities, port, database);
        _server = new SupervisedProcess(
            "server",
            OurPrograms.Server(new DataFolder(folder.Path)),
            folder["server.log"]
        );
    }

    public TestAuthorities Authorities { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{_port}"));

    public int ServerId => _server.Identity?.Pid ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>What the server wrote, for a failure's message.</summary>
    public string ServerLog => File.ReadAllText(_folder["server.log"]);

    /// <summary>Sees and may do everything, row security included.</summary>
    public NpgsqlConnectionStringBuilder Superuser => new(_postgres.SuperuserConnection(_database)) { Pooling = false };

    public static async Task<TestMachine> StartAsync(CancellationToken cancellationToken)
    {
        var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var database = await postgres.CreateDatabaseAsync(cancellationToken);
        var (folder, authorities) = (new TestFolder(), new TestAuthorities());
        var settings = TestSettings.Write(folder, authorities, postgres.Connection(DatabaseRoles.Server, database));
        settings.Listen.Port = Ports.Free();
        await File.WriteAllTextAsync(folder["settings.json"], JsonSerializer.Serialize(settings), cancellationToken);
        var machine = new TestMachine(folder, postgres, authorities, settings.Listen.Port, database);
        await machine.StartServerAsync(cancellationToken);
        return machine;
    }

    public void KillServer() => Kill(ServerId);

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(cancellationToken))
        {
            if (_server.Identity is null || watch.Elapsed > AnswersWithin)
            {
                throw new InvalidOperationException($"The server does not start: {ServerLog}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    /// <summary>Kills the process that starts all others of PostgreSQL; the others notice it or not.</summary>
    public void KillPostgres() => Kill(_postgres.Server.ProcessId);

    public Task StartPostgresAsync(CancellationToken cancellationToken) => _postgres.StartAgainAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _postgres.DisposeAsync();
        Authorities.Dispose();
        _folder.Dispose();
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
