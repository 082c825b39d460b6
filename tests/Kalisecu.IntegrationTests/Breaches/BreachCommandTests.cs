using System.Text.Json;
using Kalisecu.Cli;
using Kalisecu.Hosting;
using Kalisecu.IntegrationTests.Cli;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Breaches;

public sealed class BreachCommandTests : IAsyncLifetime
{
    private readonly TestServer _server = new();
    private CommandLine _kalisecu = null!;
    private BreachDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _desk = new BreachDesk(_server);
        _kalisecu = new CommandLine(_server);
        // The command line has the time of this machine.
        _server.Clock.Reset(_desk.Now + Duration.FromHours(1));
        _kalisecu.KeepSession((await _desk.OfficerAsync()).GetValue(CallerIdentification.SessionHeader)!);
    }

    public async ValueTask DisposeAsync()
    {
        _kalisecu.Dispose();
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_drill_walks_the_whole_procedure_and_leaves_evidence_of_it()
    {
        await _server.Given.PersonAsync(await _server.Given.TenantAsync(), PersonKind.Member, "ana@client.example");
        var worker = _desk.Worker();

        var drill = _kalisecu.RunAsync("breach", "drill", "--json");
        while (!drill.IsCompleted)
        {
            await BreachDesk.TellAsync(worker);
            await Task.WhenAny(drill, Task.Delay(100, Cancel));
        }

        var result = await drill;
        Assert.True(result.Code == ExitCodes.Ok, result.Messages);
        using var breach = JsonDocument.Parse(result.Lines[0]);
        Assert.Equal("BREACH_STATE_CLOSED", breach.RootElement.GetProperty("state").GetString());
        var id = breach.RootElement.GetProperty("breach_id").GetString()!;
        Assert.Equal(
            "declared aware assessed decided notification_finished notified reach_found communication_decided persons_told "
                + "clients_told notification_finished notified closed",
            // When exactly the worker writes the letters is its own affair.
            string.Join(' ', (await _desk.StepsAsync(id)).Split(' ').Where(s => s is not "letters_written"))
        );
        Assert.Equal(
            2,
            (await _desk.LettersAsync(id, "person")).Concat(await _desk.LettersAsync(id, "client")).Count()
        );
        var breaches = await _kalisecu.RunAsync("breach", "register", "--format", "csv");
        var drills = await _kalisecu.RunAsync("breach", "register", "--format", "csv", "--drills");
        Assert.DoesNotContain("EXERCICE-1", breaches.Results, StringComparison.Ordinal);
        Assert.Contains("EXERCICE-1", drills.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_breach_is_declared_shown_and_dismissed_from_the_command_line()
    {
        var declared = await _kalisecu.RunAsync(
            "breach",
            "declare",
            "--facts",
            "Un rapport a été envoyé au mauvais client.",
            "--detected",
            "2026-01-31T08:00:00Z",
            "--json"
        );
        Assert.True(declared.Code == ExitCodes.Ok, declared.Messages);
        using var breach = JsonDocument.Parse(declared.Lines[0]);
        var id = breach.RootElement.GetProperty("breach_id").GetString()!;

        var file = await _kalisecu.RunAsync("breach", "file", id);
        var closed = await _kalisecu.RunAsync("breach", "close", id, "--lessons", "Le destinataire était le bon.");
        var listed = await _kalisecu.RunAsync("breach", "list", "--state", "dismissed");

        Assert.Equal(ExitCodes.Refused, file.Code);
        Assert.Contains("BREACH_NOT_AWARE", file.Messages, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, closed.Code);
        Assert.Contains(id, listed.Results, StringComparison.Ordinal);
    }
}
