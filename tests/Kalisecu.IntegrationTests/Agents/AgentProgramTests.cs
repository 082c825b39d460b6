using Kalisecu.Agent.Commands;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Agents;

public sealed class AgentProgramTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_enrols_lists_its_sites_and_renews_its_certificate()
    {
        using var folder = new TestFolder();
        var state = new StateFolder(folder["state"]);
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        await _given.AuthorisationAsync(tenant, site, "https://shop.example.fr");

        var enrolled = await Enroller.EnrolAsync(state, await OrderAsync(tenant, folder), Cancel);

        using var channel = await AgentChannel.OpenAsync(state, Cancel);
        var sites = await new LeaseService.LeaseServiceClient(channel.Channel).ListLeasableSitesAsync(
            new ListLeasableSitesRequest(),
            cancellationToken: Cancel
        );
        Assert.Equal(site.ToString("D"), Assert.Single(sites.Sites).SiteId);
        var renewed = await AgentChannel.RenewAsync(state, Cancel);
        Assert.NotEqual(enrolled.Key, renewed.Key);
        Assert.Equal(renewed.Chain, AgentIdentity.Load(state).Chain);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state.File("identity.json")));
    }

    [Fact]
    public async Task A_certificate_that_is_due_is_renewed_on_opening()
    {
        using var folder = new TestFolder();
        var state = new StateFolder(folder["state"]);
        var order = await OrderAsync(await _given.TenantAsync(), folder);
        var enrolled = await Enroller.EnrolAsync(state, order, Cancel);
        (enrolled with { RenewTime = "2020-01-01T00:00:00Z" }).Save(state);

        using var channel = await AgentChannel.OpenAsync(state, Cancel);

        Assert.NotEqual(enrolled.Key, channel.Identity.Key);
    }

    [Fact]
    public async Task A_wrong_token_is_told_as_a_refusal_and_stores_no_identity()
    {
        using var folder = new TestFolder();
        var state = new StateFolder(folder["state"]);
        var order = await OrderAsync(await _given.TenantAsync(), folder);

        var problem = await Assert.ThrowsAsync<AgentProblem>(() =>
            Enroller.EnrolAsync(state, order with { Token = "not-a-token" }, Cancel)
        );

        Assert.Equal(ExitCodes.Refused, problem.ExitCode);
        Assert.Equal(ExitCodes.NotEnrolled, Assert.Throws<AgentProblem>(() => AgentIdentity.Load(state)).ExitCode);
    }

    [Fact]
    public async Task The_program_enrols_with_the_token_in_a_file()
    {
        using var folder = new TestFolder();
        var order = await OrderAsync(await _given.TenantAsync(), folder);
        await File.WriteAllTextAsync(folder["token"], $"  {order.Token}\nnot the token\n", Cancel);

        var enrolled = await RunAsync(folder, order, "--token-file", folder["token"]);
        var again = await RunAsync(folder, order, "--token-file", folder["token"]);

        Assert.True(enrolled.ExitCode == ExitCodes.Ok, enrolled.Errors);
        Assert.Contains("Enrolled as scanner", enrolled.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(order.Token, enrolled.Output + enrolled.Errors, StringComparison.Ordinal);
        Assert.Equal(order.Server, AgentIdentity.Load(new StateFolder(folder["state"])).Server);
        Assert.NotEqual(ExitCodes.Ok, again.ExitCode);
    }

    [Fact]
    public async Task The_program_says_what_is_wrong_with_the_file_of_the_token()
    {
        using var folder = new TestFolder();
        var order = await OrderAsync(await _given.TenantAsync(), folder);
        await File.WriteAllTextAsync(folder["empty"], "\n", Cancel);

        var empty = await RunAsync(folder, order, "--token-file", folder["empty"]);
        var absent = await RunAsync(folder, order, "--token-file", folder["absent"]);

        Assert.Equal(ExitCodes.Usage, empty.ExitCode);
        Assert.Contains("The enrolment token is empty", empty.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, absent.ExitCode);
        Assert.Contains("The enrolment token cannot be read", absent.Errors, StringComparison.Ordinal);
        Assert.Equal(
            ExitCodes.NotEnrolled,
            Assert.Throws<AgentProblem>(() => AgentIdentity.Load(new StateFolder(folder["state"]))).ExitCode
        );
    }

    [Fact]
    public void Two_agents_do_not_change_one_state_at_a_time()
    {
        using var folder = new TestFolder();
        var state = new StateFolder(folder["state"]);
        using var first = state.Lock();

        var problem = Assert.Throws<AgentProblem>(() => state.Lock());

        Assert.Equal(ExitCodes.TryAgain, problem.ExitCode);
    }

    private static Task<ProgramResult> RunAsync(TestFolder folder, EnrolmentOrder order, params string[] token)
    {
        var program = OurPrograms.Agent([
            "enrol",
            "--server",
            order.EnrolmentServer.ToString(),
            "--service",
            order.Server.ToString(),
            "--ca",
            order.AuthorityFile,
            .. token,
            "--state",
            folder["state"],
        ]);
        return Programs.RunAsync(folder.Path, program[0], program.Skip(1), Cancel);
    }

    private async Task<EnrolmentOrder> OrderAsync(Guid tenant, TestFolder folder)
    {
        PemFiles.WriteCertificate(server.Authorities.Services.Certificate, folder["ca.crt"]);
        var created = await new AgentService.AgentServiceClient(
            server.Channel(SpiffeKind.Operator, "setup")
        ).CreateAgentAsync(
            new CreateAgentRequest { DisplayName = "scanner" },
            new Grpc.Core.Metadata { { "kalisecu-tenant", tenant.ToString("D") } },
            cancellationToken: Cancel
        );
        return new EnrolmentOrder(
            server.EnrolmentAddress,
            server.Address,
            folder["ca.crt"],
            created.EnrolmentToken.Token
        );
    }
}
