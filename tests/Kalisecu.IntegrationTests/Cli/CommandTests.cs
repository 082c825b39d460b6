using System.Text.Json;
using Kalisecu.Cli;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using OtpNet;

namespace Kalisecu.IntegrationTests.Cli;

public sealed class CommandTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly CommandLine _kalisecu = new(server);

    public void Dispose() => _kalisecu.Dispose();

    [Fact]
    public async Task An_invited_person_accepts_signs_in_is_known_and_signs_out()
    {
        var invited = await _kalisecu.RunAsync([
            .. "staff create --email ada@kalisecu.test --name Ada --role analyst --json".Split(' '),
        ]);
        var invitation = Text(invited, "invitation", "token");
        var password = _kalisecu.File("password", "correct horse battery staple\n");
        var token = _kalisecu.File("token", invitation);
        string[] accept = ["staff", "accept", "--token-file", token, "--password-file", password, "--json"];
        var secret = Text(await _kalisecu.RunAsync(accept), "secret");
        var completed = await _kalisecu.RunAsync("staff", "accept", "--token-file", token, "--code", Code(secret, -30));
        var signedIn = await _kalisecu.RunAsync(
            "sign-in",
            "--email",
            "ada@kalisecu.test",
            "--password-file",
            password,
            "--code",
            Code(secret, 0)
        );
        var known = await _kalisecu.RunAsync("whoami", "--json");
        var signedOut = await _kalisecu.RunAsync("sign-out");
        var unknown = await _kalisecu.RunAsync("whoami");

        Assert.Equal(ExitCodes.Ok, completed.Code);
        Assert.Equal(ExitCodes.Ok, signedIn.Code);
        Assert.Equal("ada@kalisecu.test", Text(known, "email"));
        Assert.Equal("PERSON_ROLE_STAFF_ANALYST", Text(known, "role"));
        Assert.Equal(ExitCodes.Ok, signedOut.Code);
        Assert.Equal(ExitCodes.NotAllowed, unknown.Code);
    }

    [Fact]
    public async Task A_list_follows_its_pages_as_far_as_asked()
    {
        var three = await _kalisecu.RunAsync("checks", "list", "--limit", "3", "--json");
        var all = await _kalisecu.RunAsync("checks", "list", "--limit", "0", "--json");
        var table = await _kalisecu.RunAsync("checks", "list", "--limit", "3");

        Assert.Equal(3, three.Lines.Count);
        Assert.True(all.Lines.Count > 3);
        Assert.Equal(all.Lines.Take(3), three.Lines);
        Assert.Contains("there are more", table.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_has_its_exit_code_and_its_reason()
    {
        var result = await _kalisecu.RunAsync("checks", "get", "no.such.check");

        Assert.Equal(ExitCodes.NotFound, result.Code);
        Assert.Contains("reason: NOT_FOUND", result.Messages, StringComparison.Ordinal);
        Assert.Empty(result.Results);
    }

    [Fact]
    public async Task Findings_need_somebody_signed_in()
    {
        var tenant = await server.Given.TenantAsync();

        var result = await _kalisecu.RunAsync("findings", "list", "--tenant", tenant.ToString());

        Assert.Equal(ExitCodes.NotAllowed, result.Code);
        Assert.Contains("kalisecu sign-in", result.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_list_the_findings_of_the_tenant_they_name()
    {
        var tenant = await server.Given.TenantAsync();
        var session = await server.Given.SignedInAsync(Role.StaffAnalyst);
        _kalisecu.KeepSession(session.GetValue("kalisecu-session")!);

        var result = await _kalisecu.RunAsync("findings", "list", "--tenant", tenant.ToString(), "--json");

        Assert.Equal(ExitCodes.Ok, result.Code);
        Assert.Empty(result.Results);
    }

    [Fact]
    public async Task A_tenant_has_a_slug_for_people()
    {
        await _kalisecu.RunAsync([.. "tenants create --name Martin --slug martin --plan audit".Split(' ')]);

        var used = await _kalisecu.RunAsync("use", "martin");
        var got = await _kalisecu.RunAsync("tenants", "get", "--json");
        var unknown = await _kalisecu.RunAsync("sites", "list", "--tenant", "dupont");

        Assert.Equal(ExitCodes.Ok, used.Code);
        Assert.Equal("martin", Text(got, "slug"));
        Assert.Equal(ExitCodes.NotFound, unknown.Code);
        Assert.Contains("no tenant 'dupont'", unknown.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_with_what_to_do()
    {
        var result = await _kalisecu.RunAsync("checks", "list", "--server", "https://localhost:1");

        Assert.Equal(ExitCodes.Unavailable, result.Code);
        Assert.Contains("kalisecu status", result.Messages, StringComparison.Ordinal);
    }

    private static string Text(CommandResult result, params string[] path)
    {
        Assert.Equal("", result.Messages);
        var element = JsonDocument.Parse(result.Results).RootElement;
        return path.Aggregate(element, (parent, name) => parent.GetProperty(name)).GetString()!;
    }

    private string Code(string secret, int seconds) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(
            (server.Clock.GetCurrentInstant() + Duration.FromSeconds(seconds)).ToDateTimeUtc()
        );
}
