using Kalisecu.Agent.Commands;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
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
    public void Two_agents_do_not_change_one_state_at_a_time()
    {
        using var folder = new TestFolder();
        var state = new StateFolder(folder["state"]);
        using var first = state.Lock();

        var problem = Assert.Throws<AgentProblem>(() => state.Lock());

        Assert.Equal(ExitCodes.TryAgain, problem.ExitCode);
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
