using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Scans.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Scans;

/// <summary>Sites and tenants that close while something is asked of them.</summary>
public sealed class ClosingTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scan_is_not_ordered_for_a_site_that_closes_meanwhile()
    {
        var tenant = await server.Given.TenantAsync();
        var site = await server.Given.SiteAsync(tenant, "https://shop.example.fr/");
        await server.Given.AuthorisationAsync(tenant, site, "https://shop.example.fr");
        var analyst = await server.Given.SignedInAsync(Role.StaffAnalyst, tenant);
        var scans = new ScanService.ScanServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        await using var closing = await BlockedTable.ByAsync(
            server,
            $"update sites set state = 'Closed', close_time = now() where site_id = '{site}'"
        );

        var order = scans.CreateScanAsync(
            new CreateScanRequest { SiteId = site.ToString("D"), Tool = "zap" },
            analyst,
            cancellationToken: Cancel
        );
        await closing.UntilWaitingAsync(1);
        await closing.CommitAsync("select 1");

        await Refused.WithAsync(ErrorReason.SiteClosed, async () => await order);
        Assert.Equal(0L, await server.Given.AskAsync<long>("select count(*) from scans where site_id = $1", site));
    }

    [Fact]
    public async Task An_agents_revocation_waits_for_a_tenant_that_closes_before_it_locks_anything()
    {
        var tenant = await server.Given.TenantAsync();
        var agent = await server.Given.AgentAsync(tenant);
        var agents = new AgentService.AgentServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        var administrator = await server.Given.SignedInAsync(Role.StaffAdministrator, tenant);
        await using var closing = await BlockedTable.ByAsync(
            server,
            $"select 1 from tenants where tenant_id = '{tenant}' for no key update"
        );

        var revocation = agents.RevokeAgentAsync(
            new RevokeAgentRequest { AgentId = agent.ToString("D"), Reason = "stolen" },
            administrator,
            cancellationToken: Cancel
        );
        await closing.UntilWaitingAsync(1);

        // Refused at once if the revocation held the agent by now: that is how two waited for each other.
        await closing.CommitAsync($"select 1 from agents where agent_id = '{agent}' for update nowait");
        Assert.NotNull((await revocation).Agent.RevokeTime);
    }
}
