using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kalisecu.Cli;
using Kalisecu.Cli.OneMachine;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Cli;

/// <summary>`up` as a newcomer runs it: real programs, a real data folder, nothing prepared.</summary>
public sealed class UpTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    private string Data => _folder["data"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await KalisecuProgram.RunAsync(Data, "down");
        await KalisecuProgram.RunAsync(_folder["restored"], "down");
        _folder.Dispose();
    }

    [Fact]
    public async Task One_machine_shows_the_main_job_and_leaves_nothing_running()
    {
        var up = await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", "0");
        var status = await KalisecuProgram.RunAsync(Data, "status", "--json");
        var sites = await KalisecuProgram.RunAsync(Data, "sites", "list", "--json");
        var findings = await KalisecuProgram.RunAsync(Data, "findings", "list", "--json");
        var reports = await KalisecuProgram.RunAsync(Data, "reports", "list", "--state", "published", "--json");
        var log = await KalisecuProgram.RunAsync(Data, "access-log", "verify");
        var again = await KalisecuProgram.RunAsync(Data, "up", "--detach");
        var processes = Processes();
        var down = await KalisecuProgram.RunAsync(Data, "down");

        AssertOk(up);
        Assert.Contains("Boulangerie Martin · La boutique", up.Messages, StringComparison.Ordinal);
        AssertOk(status);
        Assert.Contains("\"health\":\"SERVING\"", status.Results, StringComparison.Ordinal);
        AssertOk(sites);
        Assert.Contains("\"authorised\": true", Assert.Single(sites.Lines), StringComparison.Ordinal);
        AssertOk(findings);
        Assert.NotEmpty(findings.Lines);
        AssertOk(reports);
        Assert.Single(reports.Lines);
        AssertOk(log);
        AssertOk(again);
        AssertOk(down);
        Assert.True(processes.Count >= 4);
        Assert.DoesNotContain(processes, process => process.IsAlive);
    }

    [Fact]
    public async Task After_a_kill_the_next_up_goes_on_and_where_it_moves_to_another_port_the_agent_follows()
    {
        AssertOk(await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", "0"));
        var port = FreePair(otherThan: Port());
        using (var supervisor = Process.GetProcessById(RunFile.Running(new DataFolder(Data))!.Supervisor.Pid))
        {
            supervisor.Kill();
        }

        AssertOk(await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", Text(port)));
        var person = await KalisecuProgram.RunAsync(Data, "whoami", "--json");
        var sites = await KalisecuProgram.RunAsync(Data, "sites", "list", "--json");
        var agent = OurPrograms.Agent("sites", "--state", new DataFolder(Data).Agent);
        var leasable = await Programs.RunAsync(
            _folder.Path,
            agent[0],
            agent.Skip(1),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(port, Port());
        AssertOk(person);
        AssertOk(sites);
        Assert.Single(sites.Lines);
        Assert.True(leasable.ExitCode == 0, leasable.Errors);
    }

    [Fact]
    public async Task A_machine_that_is_lost_is_restored_on_an_empty_one_and_goes_on()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("KALISECU_SOAK") is "1", "Takes a minute: --soak.");
        AssertOk(await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", "0"));
        AssertOk(await KalisecuProgram.RunAsync(Data, "backups", "run", "--full"));
        var sites = await KalisecuProgram.RunAsync(Data, "sites", "list", "--json");
        var findings = await KalisecuProgram.RunAsync(Data, "findings", "list", "--json");
        AssertOk(await KalisecuProgram.RunAsync(Data, "down"));
        var lost = new DataFolder(Data);

        var restored = _folder["restored"];
        AssertOk(
            await KalisecuProgram.RunAsync(
                restored,
                "restore",
                "--from",
                Path.Combine(lost.PostgresTarget()!, "repository"),
                "--copies",
                lost.Copies,
                "--keys",
                lost.Keys
            )
        );
        AssertOk(await KalisecuProgram.RunAsync(restored, "up", "--detach", "--port", "0"));
        var sitesThere = await KalisecuProgram.RunAsync(restored, "sites", "list", "--json");
        var findingsThere = await KalisecuProgram.RunAsync(restored, "findings", "list", "--json");

        AssertOk(sitesThere);
        Assert.Equal(sites.Lines, sitesThere.Lines);
        Assert.NotEmpty(findings.Lines);
        Assert.Equal(findings.Lines, findingsThere.Lines);
        AssertOk(await KalisecuProgram.RunAsync(restored, "backups", "verify"));
    }

    [Fact]
    public async Task A_port_that_another_program_uses_is_refused_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", Text(taken));

        Assert.NotEqual(ExitCodes.Ok, refused.Code);
        Assert.Contains($"port {taken} is in use", refused.Messages, StringComparison.Ordinal);
        Assert.Contains("--port 0", refused.Messages, StringComparison.Ordinal);
    }

    private int Port() => RunFile.Running(new DataFolder(Data))!.Processes.Single(p => p.Name is "server").Port!.Value;

    /// <summary>A port that is free together with the next one, where enrolment will be served.</summary>
    private static int FreePair(int otherThan)
    {
        while (true)
        {
            var port = Ports.Free();
            if (port is not 65_535 && port != otherThan && Ports.IsFree(port + 1))
            {
                return port;
            }
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private List<ProcessIdentity> Processes()
    {
        var running = RunFile.Running(new DataFolder(Data))!;
        return [running.Supervisor, .. running.Processes.Select(process => process.Identity)];
    }

    private static void AssertOk(CommandResult result) =>
        Assert.True(result.Code == ExitCodes.Ok, result.Results + result.Messages);
}
