using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Kalisecu.Certificates;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>A real server that outlives its PostgreSQL.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    // The mapper tries again by itself, and the server's pool finds out connection by connection that all are dead.
    private static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(1);

    private TestMachine? _machine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _machine = await TestMachine.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_its_database_the_server_says_that_it_is_unavailable_and_works_again_once_it_is_back()
    {
        using var channel = TestChannels.Open(
            _machine!.Address,
            _machine.Authorities.ServicesRoots,
            _machine.Authorities.Issue(SpiffeKind.Operator, "patient")
        );
        var tenants = new TenantService.TenantServiceClient(channel);
        var health = new Health.HealthClient(channel);
        await CreateAsync(tenants);

        _machine.KillPostgres();

        await UnavailableAsync(() => ListAsync(tenants));
        await UnavailableAsync(() => CreateAsync(tenants));
        var away = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, away.Status);

        await _machine.StartPostgresAsync(Cancel);

        await UntilBackAsync(tenants);
        await CreateAsync(tenants);
        Assert.Equal(
            2,
            (await tenants.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: Cancel)).Tenants.Count
        );
        var back = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, back.Status);
    }

    /// <summary>Whichever part missed the database first, the refusal says so and when to come again.</summary>
    private static async Task UnavailableAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        var reason = refusal.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>().Reason;
        Assert.Contains(reason, (string[])["UNAVAILABLE", "ACCESS_LOG_UNAVAILABLE"]);
        Assert.NotNull(refusal.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
    }

    private static async Task UntilBackAsync(TenantService.TenantServiceClient tenants)
    {
        for (var watch = Stopwatch.StartNew(); ; )
        {
            try
            {
                await ListAsync(tenants);
                return;
            }
            catch (RpcException exception)
                when (exception.StatusCode is StatusCode.Unavailable && watch.Elapsed < BackWithin)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
            }
        }
    }

    private static async Task ListAsync(TenantService.TenantServiceClient tenants) =>
        await tenants.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: Cancel);

    private static async Task CreateAsync(TenantService.TenantServiceClient tenants) =>
        await tenants.CreateTenantAsync(
            new CreateTenantRequest
            {
                DisplayName = "Boulangerie Martin",
                Slug = $"martin-{Guid.CreateVersion7():N}",
                Plan = Plan.Surveillance,
            },
            cancellationToken: Cancel
        );
}
