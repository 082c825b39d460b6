using Grpc.Core;
using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Persistence;
using Kalisecu.Scans.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Agents;

public sealed class LeaseTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_agents_that_lease_at_once_get_different_scans()
    {
        var tenant = await _given.TenantAsync();
        var (one, two) = (await _given.AgentAsync(tenant), await _given.AgentAsync(tenant));
        await DueScanAsync(tenant, await AuthorisedSiteAsync(tenant));
        await DueScanAsync(tenant, await AuthorisedSiteAsync(tenant));

        var leases = await Task.WhenAll(LeaseAsync(one), LeaseAsync(two));

        Assert.NotEqual(leases[0]!.ScanId, leases[1]!.ScanId);
        Assert.NotEmpty(leases[0]!.Origins);
    }

    [Fact]
    public async Task A_scan_of_a_site_without_an_authorisation_is_not_leased()
    {
        var tenant = await _given.TenantAsync();
        var agent = await _given.AgentAsync(tenant);
        var site = await _given.SiteAsync(tenant);

        var refused = await RefusedAsync(() => StartAsync(agent, Id(), site));

        Assert.Equal(ErrorReason.AuthorisationNotInForce, refused);
    }

    [Fact]
    public async Task A_second_scan_of_a_place_waits()
    {
        var tenant = await _given.TenantAsync();
        var agent = await _given.AgentAsync(tenant);
        var site = await AuthorisedSiteAsync(tenant);
        var scan = Id();
        var lease = await StartAsync(agent, scan, site);

        Assert.Equal(lease.LeaseId, (await StartAsync(agent, scan, site)).LeaseId);
        Assert.Equal(ErrorReason.SiteBusy, await RefusedAsync(() => StartAsync(agent, Id(), site)));
        Assert.Equal(ErrorReason.ScanDiffers, await RefusedAsync(() => StartAsync(agent, scan, site, "nuclei")));
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_resumed_by_its_agent_or_gives_way_to_another()
    {
        var tenant = await _given.TenantAsync();
        var (one, two) = (await _given.AgentAsync(tenant), await _given.AgentAsync(tenant));
        var site = await AuthorisedSiteAsync(tenant);
        var scan = Id();
        var lease = await StartAsync(one, scan, site);
        await ExpireAsync(scan);

        Assert.Equal(ErrorReason.LeaseExpired, await RefusedAsync(() => RenewAsync(one, lease.LeaseId)));
        Assert.NotEqual(lease.LeaseId, (await StartAsync(one, scan, site)).LeaseId);
        await ExpireAsync(scan);
        await StartAsync(two, Id(), site);
        Assert.Equal(ErrorReason.ScanFinished, await RefusedAsync(() => StartAsync(one, scan, site)));
    }

    [Fact]
    public async Task A_scan_ends_when_its_authorisation_is_revoked()
    {
        var tenant = await _given.TenantAsync();
        var agent = await _given.AgentAsync(tenant);
        var site = await AuthorisedSiteAsync(tenant);
        var scan = Id();
        var lease = await StartAsync(agent, scan, site);
        var ended = server.Services.GetRequiredService<Revocations>().Watch(Revocations.Scan(scan));
        await _given.RunAsync("update authorisations set revoke_time = create_time where site_id = $1", site);

        await server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                tenant,
                db => server.Services.GetRequiredService<Kalisecu.Scans.ScanStops>().RevokedAsync(db, site, Cancel),
                Cancel
            );

        Assert.Equal(ErrorReason.ScanFinished, await RefusedAsync(() => RenewAsync(agent, lease.LeaseId)));
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(10), ended)).WaitAsync(Cancel);
        Assert.True(ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_scan_that_failed_is_told_once_and_again()
    {
        var tenant = await _given.TenantAsync();
        var agent = await _given.AgentAsync(tenant);
        var scan = Id();
        var lease = await StartAsync(agent, scan, await AuthorisedSiteAsync(tenant));
        var end = new CompleteScanRequest
        {
            ScanId = scan.ToString("D"),
            LeaseId = lease.LeaseId,
            Outcome = ScanOutcome.Failed,
            Message = "the tool crashed",
        };

        await Leases(agent).CompleteScanAsync(end, cancellationToken: Cancel);
        await Leases(agent).CompleteScanAsync(end, cancellationToken: Cancel);

        var scans = new ScanService.ScanServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        var staff = await _given.SignedInAsync(Role.StaffAnalyst, tenant);
        var list = await scans.ListScansAsync(new ListScansRequest { PageSize = 1 }, staff, cancellationToken: Cancel);
        Assert.Equal(Kalisecu.Scans.V1.ScanState.Failed, Assert.Single(list.Scans).State);
    }

    private async Task<Guid> AuthorisedSiteAsync(Guid tenant)
    {
        var site = await _given.SiteAsync(tenant);
        await _given.AuthorisationAsync(tenant, site, "https://shop.example.fr");
        return site;
    }

    private async Task DueScanAsync(Guid tenant, Guid site)
    {
        var scans = new ScanService.ScanServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        var staff = await _given.SignedInAsync(Role.StaffAnalyst, tenant);
        var request = new CreateScanRequest { SiteId = site.ToString("D"), Tool = "zap" };
        request.Options["depth"] = "3";
        await scans.CreateScanAsync(request, staff, cancellationToken: Cancel);
    }

    private Task<int> ExpireAsync(Guid scan) =>
        _given.RunAsync(
            "update scans set lease_expire_time = $2 where scan_id = $1",
            scan,
            server.Clock.GetCurrentInstant() - Duration.FromSeconds(1)
        );

    private LeaseService.LeaseServiceClient Leases(Guid agent) =>
        new(server.Channel(SpiffeKind.Agent, agent.ToString("D")));

    private async Task<Lease?> LeaseAsync(Guid agent) =>
        (await Leases(agent).LeaseScanAsync(new LeaseScanRequest(), cancellationToken: Cancel)).Lease;

    private async Task<Lease> StartAsync(Guid agent, Guid scan, Guid site, string tool = "zap")
    {
        var request = new StartScanRequest
        {
            ScanId = scan.ToString("D"),
            SiteId = site.ToString("D"),
            Tool = tool,
        };
        return (await Leases(agent).StartScanAsync(request, cancellationToken: Cancel)).Lease;
    }

    private async Task<Lease> RenewAsync(Guid agent, string lease) =>
        (
            await Leases(agent).RenewLeaseAsync(new RenewLeaseRequest { LeaseId = lease }, cancellationToken: Cancel)
        ).Lease;

    private static async Task<ErrorReason> RefusedAsync(Func<Task> call) =>
        Reasons.Of(await Assert.ThrowsAsync<RpcException>(call));

    private Guid Id() => Ids.New(server.Clock.GetCurrentInstant());
}
