using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Persistence;
using NodaTime;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>One PostgreSQL for the whole test run, started by who needs it first; databases are copies of one migrated once.</summary>
internal sealed class TestPostgres : IAsyncDisposable
{
    private const string Template = "kalisecu_template";

    private static readonly SemaphoreSlim Starting = new(1);
    private static TestPostgres? ofRun;

    private readonly TestFolder _folder;
    private readonly TestAuthorities _authorities;
    private readonly PostgresSettings _settings;
    private readonly Dictionary<string, string> _passwords;
    private PostgresServer _server;

    // PostgreSQL copies a template only while nobody else uses it.
    private readonly SemaphoreSlim _copying = new(1);
    private int _databases;

    private TestPostgres(
        TestFolder folder,
        TestAuthorities authorities,
        PostgresSettings settings,
        PostgresServer server,
        Dictionary<string, string> passwords
    )
    {
        _folder = folder;
        _authorities = authorities;
        _settings = settings;
        _server = server;
        _passwords = passwords;
    }

    public PostgresServer Server => _server;

    /// <summary>The one of this run; stopped and removed when the test process ends.</summary>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The process is ending; nothing else runs any more")]
    public static async Task<TestPostgres> ForRunAsync()
    {
        await Starting.WaitAsync();
        try
        {
            if (ofRun is null)
            {
                var postgres = await StartAsync(durable: false, CancellationToken.None);
                AppDomain.CurrentDomain.ProcessExit += (_, _) =>
                    postgres.DisposeAsync().AsTask().GetAwaiter().GetResult();
                ofRun = postgres;
            }

            return ofRun;
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>A PostgreSQL of one's own, for tests that kill it or need what it wrote to be durable.</summary>
    public static async Task<TestPostgres> StartAsync(bool durable, CancellationToken cancellationToken)
    {
        var folder = new TestFolder();
        var authorities = new TestAuthorities();
        var settings = new PostgresSettings(new PostgresFiles(folder["pg"]), Ports.Free()) { Durable = durable };
        var server = await PostgresServer.StartAsync(
            settings,
            authorities.Services,
            SystemClock.Instance,
            cancellationToken
        );
        var passwords = DatabaseRoles.All.ToDictionary(role => role, _ => Passwords.Make(), StringComparer.Ordinal);
        var postgres = new TestPostgres(folder, authorities, settings, server, passwords);
        await postgres.MakeTemplate(cancellationToken);
        return postgres;
    }

    /// <summary>A fresh, migrated database; returns its name.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken) =>
        CopyDatabaseAsync(Template, cancellationToken);

    /// <summary>A copy of a database that nobody uses just now; returns its name.</summary>
    public async Task<string> CopyDatabaseAsync(string template, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await _copying.WaitAsync(cancellationToken);
        try
        {
            await using var superuser = await OpenAsync("postgres", cancellationToken);
            await DatabaseRoles.CreateDatabaseAsync(superuser, name, template, cancellationToken);
        }
        finally
        {
            _copying.Release();
        }

        return name;
    }

    public async Task DropDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var superuser = await OpenAsync("postgres", cancellationToken);
        await Execute(superuser, $"drop database if exists {name} with (force)", cancellationToken);
    }

    public string Connection(string role, string database) => _server.Connection(role, _passwords[role], database);

    public string SuperuserConnection(string database) => _server.SuperuserConnection(database);

    /// <summary>Starts it again after it was killed; it recovers by itself.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        var killed = _server;
        _server = await PostgresServer.StartAsync(
            _settings,
            _authorities.Services,
            SystemClock.Instance,
            cancellationToken
        );
        await killed.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authorities.Dispose();
        _folder.Dispose();
        _copying.Dispose();
    }

    private async Task MakeTemplate(CancellationToken cancellationToken)
    {
        await using var superuser = await OpenAsync("postgres", cancellationToken);
        await DatabaseRoles.CreateAsync(superuser, _passwords, cancellationToken);
        await DatabaseRoles.CreateDatabaseAsync(superuser, Template, "template0", cancellationToken);
        await Migrator.MigrateAsync(
            Connection(DatabaseRoles.Owner, Template) + ";Pooling=false",
            cancellationToken: cancellationToken
        );
        await Execute(superuser, $"alter database {Template} allow_connections false", cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_server.SuperuserConnection(database));
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    [SuppressMessage("Security", "CA2100", Justification = "Names of our own making")]
    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
