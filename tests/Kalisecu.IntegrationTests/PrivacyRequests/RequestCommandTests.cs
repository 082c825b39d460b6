using System.Text.Json;
using Kalisecu.Cli;
using Kalisecu.Hosting;
using Kalisecu.IntegrationTests.Cli;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.PrivacyRequests;

public sealed class RequestCommandTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly CommandLine _kalisecu = new(server);
    private readonly RequestDesk _desk = new(server);

    public void Dispose() => _kalisecu.Dispose();

    [Fact]
    public async Task Staff_receives_extends_and_answers_a_request_from_the_command_line()
    {
        var officer = await _desk.OfficerAsync();
        _kalisecu.KeepSession(officer.GetValue(CallerIdentification.SessionHeader)!);
        var mail = _kalisecu.File("mail.txt", "Que savez-vous de moi ?\n");

        var received = await _kalisecu.RunAsync([
            .. $"privacy-requests receive --channel email --received {_desk.Today} --right access --json".Split(' '),
            "--email",
            RequestDesk.Address(),
            "--file",
            mail,
        ]);
        var id = Text(received, "privacy_request_id");
        var acknowledged = await _kalisecu.RunAsync("privacy-requests", "acknowledge", id, "--json");
        var extended = await _kalisecu.RunAsync(
            "privacy-requests",
            "extend",
            id,
            "--reasons",
            "Many audits have to be searched.",
            "--json"
        );
        var listed = await _kalisecu.RunAsync("privacy-requests", "list", "--state", "acknowledged");
        var completed = await _kalisecu.RunAsync("privacy-requests", "complete", id, "--json");
        var again = await _kalisecu.RunAsync("privacy-requests", "complete", id);

        Assert.Equal("PRIVACY_REQUEST_STATE_RECEIVED", Text(received, "state"));
        Assert.Contains("text/plain", received.Results, StringComparison.Ordinal);
        Assert.Equal("PRIVACY_REQUEST_STATE_ACKNOWLEDGED", Text(acknowledged, "state"));
        Assert.NotEqual("", Text(extended, "extend_time"));
        Assert.Contains(id, listed.Results, StringComparison.Ordinal);
        Assert.Equal("PRIVACY_REQUEST_STATE_COMPLETED", Text(completed, "state"));
        Assert.Equal(ExitCodes.Refused, again.Code);
        Assert.Contains("PRIVACY_REQUEST_CLOSED", again.Messages, StringComparison.Ordinal);
    }

    private static string Text(CommandResult result, string name)
    {
        Assert.True(result.Code == ExitCodes.Ok, result.Messages);
        using var parsed = JsonDocument.Parse(result.Lines[0]);
        return parsed.RootElement.GetProperty(name).GetString()!;
    }
}
