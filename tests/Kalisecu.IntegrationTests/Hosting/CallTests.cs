using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>What holds for every call: it ends when its caller says so, it is bounded, it ends with its certificate.</summary>
public sealed class CallTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly TenantService.TenantServiceClient _tenants = new(server.Channel(SpiffeKind.Operator, "calls"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_whose_deadline_passes_ends_at_the_server_too()
    {
        await using var blocked = await BlockedTable.ByAsync(server, "lock table tenants in access exclusive mode");

        var call = _tenants.ListTenantsAsync(
            new ListTenantsRequest(),
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3),
            cancellationToken: Cancel
        );
        await blocked.UntilWaitingAsync(1);

        var ended = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.DeadlineExceeded, ended.StatusCode);
        // The table is still blocked: the statement was given up, not answered.
        await blocked.UntilWaitingAsync(0);
    }

    [Fact]
    public async Task A_call_that_its_caller_cancels_ends_at_the_server_too()
    {
        await using var blocked = await BlockedTable.ByAsync(server, "lock table tenants in access exclusive mode");
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var call = _tenants.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: caller.Token);
        await blocked.UntilWaitingAsync(1);
        await caller.CancelAsync();

        var ended = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
        await blocked.UntilWaitingAsync(0);
    }

    [Fact]
    public async Task A_message_over_four_mebibytes_is_refused()
    {
        var request = new CreateTenantRequest { DisplayName = new string('x', (4 * 1024 * 1024) + 1) };

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await _tenants.CreateTenantAsync(request, cancellationToken: Cancel)
        );

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }
}

public sealed class ConnectionTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_open_connection_is_worth_nothing_once_its_certificate_has_ended()
    {
        var tenants = new TenantService.TenantServiceClient(server.Channel(SpiffeKind.Operator, "ending"));
        await tenants.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: Cancel);

        server.Clock.Advance(Duration.FromHours(25));

        await Refused.WithAsync(
            ErrorReason.CertificateNotAccepted,
            async () => await tenants.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: Cancel)
        );
    }
}

public sealed class RevokedSessionTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_ends_when_the_session_that_asked_for_it_is_revoked()
    {
        var tenant = await server.Given.TenantAsync();
        var site = await server.Given.SiteAsync(tenant);
        // Far more than the windows of the connection hold: the export waits for its reader.
        await new GivenFindings(server, tenant, site).ManyOccurrencesAsync(200_000);
        var reader = await server.Given.SignedInAsync(Role.MemberReader, tenant);
        var findings = new Kalisecu.Findings.V1.FindingService.FindingServiceClient(
            server.Channel(SpiffeKind.Frontend, "dashboard")
        );
        using var export = findings.ExportOccurrences(new(), reader, cancellationToken: Cancel);
        Assert.True(await export.ResponseStream.MoveNext(Cancel));

        var sessions = new Kalisecu.Accounts.V1.SessionService.SessionServiceClient(
            server.Channel(SpiffeKind.Frontend, "dashboard")
        );
        await sessions.SignOutAsync(new(), reader, cancellationToken: Cancel);

        // With its reason, after what was on its way already.
        await Refused.WithAsync(
            ErrorReason.SessionNotValid,
            async () =>
            {
                await foreach (var _ in export.ResponseStream.ReadAllAsync(Cancel)) { }
            }
        );
    }
}
