using System.Diagnostics;
using Kalisecu.Backups;
using Kalisecu.Certificates;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The whole platform on one machine: started step by step, kept running, stopped in the opposite order.</summary>
internal sealed class Platform(DataFolder data, Progress progress, IClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan ServingWithin = TimeSpan.FromSeconds(60);

    private PostgresServer? _postgres;
    private SupervisedProcess? _server;
    private SupervisedProcess? _agent;
    private readonly MachineWorkers _workers = new(data);
    private MachineSettings? _settings;

    public ConnectionTarget Target => data.Target(_settings!.Port);

    public int EnrolmentPort => _settings!.EnrolmentPort;

    /// <summary>Starts everything; what a failed step leaves running is stopped by disposing.</summary>
    public async Task StartAsync(int? port, CancellationToken cancellationToken)
    {
        _settings = MachineSettings.Choose(data, port);
        RefuseBusyPorts(_settings);
        WriteRunFile(isReady: false);

        var now = clock.GetCurrentInstant();
        await progress.Step(
            "Making certificates",
            $"Certificates of {_settings.TrustDomain}",
            () => Task.Run(() => MachineCertificates.Ensure(data, _settings.TrustDomain, now), cancellationToken)
        );

        var files = await MachineDatabase.PlaceAsync(data, cancellationToken);
        using var services = MachineCertificates.Authority(data, AuthorityKind.Services, _settings.TrustDomain, now);
        MachineBackups.Ensure(data);
        var postgres = new PostgresSettings(files, _settings.PostgresPort)
        {
            ArchiveCommand = PgBackRestFile.ArchiveCommand(
                MachineBackups.Options(data, files, _settings.PostgresPort).ConfigurationFile
            ),
        };
        _postgres = await progress.Step(
            "Starting PostgreSQL",
            $"PostgreSQL 15 in {files.Folder}",
            () => PostgresServer.StartAsync(postgres, services, clock, cancellationToken)
        );
        WriteRunFile(isReady: false);

        await progress.Step(
            "Preparing the database",
            "Database roles and schema",
            async () =>
            {
                await MachineDatabase.EnsureRolesAsync(data, _postgres, cancellationToken);
                var owner = MachineDatabase.OwnerConnection(data, files, _settings.PostgresPort);
                await Migrator.MigrateAsync(owner, cancellationToken: cancellationToken);
            }
        );

        _settings.Write(data, MachineDatabase.Address(files, _settings.PostgresPort, DatabaseRoles.Server));
        _workers.WriteSettings(files, _settings.PostgresPort);
        if (Directory.Exists(data.Journal))
        {
            await progress.Step(
                "Comparing the journal of erasures",
                "Nobody erased is back",
                () =>
                    ErasureReplay.RunAsync(
                        data.WorkerSettings(Worker.Retention),
                        acceptsWithoutHead: false,
                        cancellationToken
                    )
            );
        }

        // While the server starts: neither needs the other.
        await _workers.StartAsync();
        await progress.Step(
            "Starting the server",
            $"Server on port {_settings.Port}, enrolment on port {_settings.EnrolmentPort}",
            () => StartServer(cancellationToken)
        );
        WriteRunFile(isReady: false);
    }

    /// <summary>Starts this machine's agent, which goes on pushing what is spooled; for a machine that was enrolled.</summary>
    public async Task StartAgentAsync()
    {
        _agent = new SupervisedProcess("agent", AgentProgram.Watching(data), data.Log("agent"));
        await _agent.StartAsync();
    }

    /// <summary>Tells others that all is ready, then keeps it so until cancelled or until PostgreSQL is lost.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        WriteRunFile(isReady: true);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var database = _postgres!.WaitForExit(ending.Token);
        var server = _server!.KeepAsync(Tell, ending.Token);
        var agent = _agent?.KeepAsync(Tell, ending.Token) ?? Task.Delay(Timeout.Infinite, ending.Token);
        var workers = _workers.KeepAsync(Tell, ending.Token);
        var first = await Task.WhenAny(database, server, agent, workers);
        await ending.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == database)
        {
            throw new StepFailed(
                "PostgreSQL ended by itself; everything was stopped",
                $"read {_postgres.Files.NewestLog()}, then start again: it recovers by itself"
            );
        }

        await first;
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await _workers.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        File.Delete(RunFile.PathOf(data));
    }

    private static void RefuseBusyPorts(MachineSettings settings)
    {
        foreach (var port in (int[])[settings.Port, settings.EnrolmentPort])
        {
            if (!Ports.IsFree(port))
            {
                throw new StepFailed(
                    $"port {port} is in use by another program",
                    "stop that program, or choose ports with --port N (N and N+1), or --port 0 for any free ones"
                );
            }
        }
    }

    private async Task StartServer(CancellationToken cancellationToken)
    {
        var log = data.Log("server");
        _server = new SupervisedProcess("server", OurPrograms.Server(data), log);
        await _server.StartAsync();
        var ended = _server.WaitForExitAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        var answer = "no answer";
        while (watch.Elapsed < ServingWithin)
        {
            answer = await ServerHealth.AskAsync(Target, cancellationToken);
            if (string.Equals(answer, ServerHealth.Serving, StringComparison.Ordinal))
            {
                return;
            }

            if (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken)) == ended)
            {
                throw new StepFailed(
                    $"the server ended with code {await ended}: {LogFile.LastLine(log)}",
                    $"read {log}"
                );
            }
        }

        throw new StepFailed(
            $"the server is not ready after {ServingWithin.TotalSeconds:0} s ({answer})",
            $"read {log}"
        );
    }

    private void Tell(string text)
    {
        progress.Say(text);
        WriteRunFile(isReady: true);
    }

    private void WriteRunFile(bool isReady)
    {
        var processes = new List<RunningProcess>();
        if (_postgres is not null && ProcessIdentity.Of(_postgres.ProcessId) is { } postgres)
        {
            processes.Add(new RunningProcess("postgres", postgres, _postgres.Port, Restarts: 0));
        }

        if (_server?.Identity is { } server)
        {
            processes.Add(new RunningProcess(_server.Name, server, _settings!.Port, _server.Restarts));
        }

        foreach (var worker in _workers.Running)
        {
            if (worker.Identity is { } identity)
            {
                processes.Add(new RunningProcess(worker.Name, identity, Port: null, worker.Restarts));
            }
        }

        if (_agent?.Identity is { } agent)
        {
            processes.Add(new RunningProcess(_agent.Name, agent, Port: null, _agent.Restarts));
        }

        new RunFile(ProcessIdentity.Of(Environment.ProcessId)!, isReady, processes).Write(data);
    }
}
