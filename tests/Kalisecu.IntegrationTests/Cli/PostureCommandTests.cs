using System.Text.Json;
using Kalisecu.Cli;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Cli;

public sealed class PostureCommandTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly CommandLine _kalisecu = new(server);

    public void Dispose() => _kalisecu.Dispose();

    [Fact]
    public async Task A_broken_promise_is_shown_with_what_was_seen_and_ends_with_its_exit_code()
    {
        var whole = await _kalisecu.RunAsync("posture");
        await server.Given.RunAsync("alter table sites no force row level security");
        var broken = await _kalisecu.RunAsync("posture", "--broken");
        var programs = await _kalisecu.RunAsync("posture", "--last", "--broken", "--json");
        await server.Given.RunAsync("alter table sites force row level security");

        Assert.Equal(ExitCodes.Ok, whole.Code);
        Assert.Contains("SEC-4", whole.Results, StringComparison.Ordinal);
        Assert.Contains("0 broken", whole.Results, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, broken.Code);
        Assert.Contains("Row security is not forced on sites", broken.Results, StringComparison.Ordinal);
        var clause = JsonDocument.Parse(Assert.Single(programs.Lines)).RootElement;
        Assert.Equal("CLAUSE_STATE_BROKEN", clause.GetProperty("state").GetString());
        Assert.Equal("SEC-4", clause.GetProperty("clause").GetProperty("clause_id").GetString());
    }

    [Fact]
    public async Task The_policy_and_the_registers_are_written_out()
    {
        var policy = await _kalisecu.RunAsync("policies", "show", "--language", "en");
        var processors = await _kalisecu.RunAsync("processors", "list", "--json");
        var register = await _kalisecu.RunAsync([.. "register --register processing --format csv".Split(' ')]);

        Assert.StartsWith("# Privacy policy", policy.Results, StringComparison.Ordinal);
        Assert.Equal(5, processors.Lines.Count);
        Assert.StartsWith("Finalité,Base légale,", register.Results, StringComparison.Ordinal);
    }
}
