using System.Diagnostics;
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
    public async Task After_a_kill_the_next_up_goes_on()
    {
        AssertOk(await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", "0"));
        using (var supervisor = Process.GetProcessById(RunFile.Running(new DataFolder(Data))!.Supervisor.Pid))
        {
            supervisor.Kill();
        }

        AssertOk(await KalisecuProgram.RunAsync(Data, "up", "--detach", "--port", "0"));
        var person = await KalisecuProgram.RunAsync(Data, "whoami", "--json");
        var sites = await KalisecuProgram.RunAsync(Data, "sites", "list", "--json");

        AssertOk(person);
        AssertOk(sites);
        Assert.Single(sites.Lines);
    }

    private List<ProcessIdentity> Processes()
    {
        var running = RunFile.Running(new DataFolder(Data))!;
        return [running.Supervisor, .. running.Processes.Select(process => process.Identity)];
    }

    private static void AssertOk(CommandResult result) =>
        Assert.True(result.Code == ExitCodes.Ok, result.Results + result.Messages);
}
