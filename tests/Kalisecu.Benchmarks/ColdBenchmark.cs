using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Grpc.Health.V1;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Persistence;
using Kalisecu.Policies.V1;
using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// From the start of the server's process to its first answer, as it is built and as it is published ready-to-run, in turn. The
/// files are in memory from the round before, so that what counts is the program and not the disk.
/// </summary>
internal static class ColdBenchmark
{
    private const int Rounds = 5;

    private static readonly string[] Moments =
    [
        "port open",
        "first RPC answered",
        "first read of the database answered",
    ];

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await PublishAsync(folder["ready"], cancellationToken);
        await using var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var database = await postgres.CreateDatabaseAsync(cancellationToken);
        using var authorities = new TestAuthorities();
        var settings = TestSettings.Write(folder, authorities, postgres.Connection(DatabaseRoles.Server, database));
        settings.Listen.Port = Ports.Free();
        await File.WriteAllTextAsync(folder["settings.json"], JsonSerializer.Serialize(settings), cancellationToken);
        var built = OurPrograms.Server(new DataFolder(folder.Path));
        IReadOnlyList<string> ready = ["dotnet", folder["ready/Kalisecu.Server.dll"], .. built.Skip(2)];
        var start = new ColdStart(authorities, settings.Listen.Port);

        // The first of each brings its files into memory and compiles the client.
        (string Name, IReadOnlyList<string> Program)[] programs = [("as built", built), ("ready-to-run", ready)];
        var rounds = new Dictionary<string, List<double[]>>(StringComparer.Ordinal);
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, program) in programs)
            {
                var moments = await start.RunAsync(program, cancellationToken);
                if (round == 0)
                {
                    rounds[name] = [];
                }
                else
                {
                    rounds[name].Add(moments);
                }
            }
        }

        var table = new Table().AddColumns([
            "ms after the start: median (range)",
            .. rounds.Keys,
            "ratio: median (range)",
        ]);
        foreach (var (i, moment) in Moments.Index())
        {
            var ratios = rounds["ready-to-run"].Zip(rounds["as built"], (r, b) => r[i] / b[i]);
            table.AddRow([
                moment,
                .. rounds.Values.Select(all => Figures.Median(all.Select(m => m[i]), "N0")),
                Figures.Median(ratios, "N2"),
            ]);
        }

        AnsiConsole.Write(table);
        return 0;
    }

    /// <summary>As deploy/README.md says, ready-to-run by the project itself; takes a minute or more.</summary>
    private static async Task PublishAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", "src/Kalisecu.Server", "-c", "Release", "-v", "q", "--nologo", "-o", folder]
        )
        {
            WorkingDirectory = Programs.RepositoryRoot,
            UseShellExecute = false,
        };
        using var publish = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        await publish.WaitForExitAsync(cancellationToken);
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet publish ended with {publish.ExitCode}.");
        }
    }

    /// <summary>Starts one server, asks it twice and kills it.</summary>
    private sealed class ColdStart(TestAuthorities authorities, int port)
    {
        private readonly X509Certificate2 _certificate = authorities.Issue(SpiffeKind.Frontend, "dashboard");

        public async Task<double[]> RunAsync(IReadOnlyList<string> program, CancellationToken cancellationToken)
        {
            var watch = Stopwatch.StartNew();
            using var server =
                Process.Start(
                    new ProcessStartInfo(program[0], program.Skip(1))
                    {
                        UseShellExecute = false,
                        RedirectStandardOutput = true,
                    }
                ) ?? throw new InvalidOperationException("The server did not start.");
            // What nobody reads would stop it.
            server.OutputDataReceived += static (_, _) => { };
            server.BeginOutputReadLine();
            try
            {
                await ListensAsync(server, watch, cancellationToken);
                var open = watch.Elapsed.TotalMilliseconds;
                using var channel = TestChannels.Open(
                    new Uri($"https://localhost:{port}"),
                    authorities.ServicesRoots,
                    _certificate
                );
                await new Health.HealthClient(channel).CheckAsync(
                    new HealthCheckRequest(),
                    cancellationToken: cancellationToken
                );
                var answered = watch.Elapsed.TotalMilliseconds;
                await new PolicyService.PolicyServiceClient(channel).ListPolicyVersionsAsync(
                    new ListPolicyVersionsRequest(),
                    cancellationToken: cancellationToken
                );
                return [open, answered, watch.Elapsed.TotalMilliseconds];
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync(cancellationToken);
            }
        }

        private async Task ListensAsync(Process server, Stopwatch watch, CancellationToken cancellationToken)
        {
            while (true)
            {
                using var probe = new TcpClient();
                try
                {
                    await probe.ConnectAsync("127.0.0.1", port, cancellationToken);
                    return;
                }
                catch (SocketException) when (!server.HasExited && watch.Elapsed < AnswersWithin)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(2), cancellationToken);
                }
            }
        }
    }
}
