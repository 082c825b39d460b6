using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Cli.OneMachine;
using Kalisecu.TestKit;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.OneMachine;

public sealed class PostgresServerTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthorities _authorities = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresFiles Files => new(_folder["pg"]);

    public void Dispose()
    {
        _authorities.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        await using (var server = await Start())
        {
            await Execute(server, "create table t as select 42 as answer");
        }

        await using var again = await Start();

        Assert.Equal(42, await Execute(again, "select answer from t"));
        Assert.Equal("on", await Execute(again, "show data_checksums"));
    }

    [Fact]
    public async Task A_pid_file_of_a_dead_server_does_not_stop_the_next_start()
    {
        await using (await Start()) { }
        await File.WriteAllTextAsync(
            Files.PidFile,
            $"{Environment.ProcessId}\n{Files.Cluster}\n1\n5432\n\n\n\n",
            Cancelled
        );

        await using var server = await Start();

        Assert.Equal(server.ProcessId, PostgresLeftovers.Running(Files));
    }

    [Fact]
    public async Task A_server_that_lost_its_supervisor_is_stopped_before_the_next_start()
    {
        await using var lost = await Start();

        await using var server = await Start();

        Assert.NotEqual(lost.ProcessId, server.ProcessId);
        await lost.WaitForExit(Cancelled);
        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task An_interrupted_making_of_the_cluster_is_made_again()
    {
        Directory.CreateDirectory(Files.Cluster + ".new");
        await File.WriteAllTextAsync(Path.Combine(Files.Cluster + ".new", "PG_VERSION"), "15", Cancelled);

        await using var server = await Start();

        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task Tcp_connections_are_refused_without_tls_and_verified_with_it()
    {
        await using var server = await Start();
        var tcp = new NpgsqlConnectionStringBuilder(server.SuperuserConnection())
        {
            Host = "127.0.0.1",
            Pooling = false,
            SslMode = SslMode.VerifyFull,
            RootCertificate = Files.AuthorityFile,
        };

        await using var encrypted = new NpgsqlConnection(tcp.ConnectionString);
        await encrypted.OpenAsync(Cancelled);
        tcp.SslMode = SslMode.Disable;
        await using var plain = new NpgsqlConnection(tcp.ConnectionString);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => plain.OpenAsync(Cancelled));
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refusal.SqlState);
    }

    [Fact]
    public async Task A_port_in_use_is_said_with_what_postgres_said()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<StepFailed>(() => Start(port));

        Assert.Contains("PostgreSQL did not start", failure.Message, StringComparison.Ordinal);
        Assert.Null(PostgresLeftovers.Running(Files));
    }

    private Task<PostgresServer> Start(int? port = null) =>
        PostgresServer.StartAsync(
            new PostgresSettings(Files, port ?? Ports.Free()) { Durable = false },
            _authorities.Services,
            SystemClock.Instance,
            Cancelled
        );

    private static async Task<object?> Execute(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.SuperuserConnection());
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
