using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Findings;
using Kalisecu.Hosting;
using Kalisecu.Server;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>Servers that lack something.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthorities _authorities = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authorities.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_method_without_a_rule_stops_the_start()
    {
        // The findings' methods are mapped, their contracts with their rules are left out.
        var bare = FindingsModule.Capability with
        {
            Contracts = [],
        };

        var problem = Assert.Throws<InvalidOperationException>(() =>
            Build([.. Capabilities.All.Except([FindingsModule.Capability]), bare])
        );

        Assert.Contains("FindingService/GetFinding", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_database_is_away_calls_are_unavailable_with_their_reason_and_a_delay()
    {
        await using var app = Build(Capabilities.All);
        await app.StartAsync(Cancel);
        var port = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        ).Port;
        using var channel = TestChannels.Open(
            new Uri($"https://localhost:{port}"),
            _authorities.ServicesRoots,
            _authorities.Issue(SpiffeKind.Operator, "jeanne")
        );
        var session = new Metadata { { CallerIdentification.SessionHeader, "a-session-that-cannot-be-looked-up" } };

        // Nothing is answered without its entry in the access log; what is not logged fails at the session.
        var logged = await Refused.WithAsync(
            ErrorReason.AccessLogUnavailable,
            async () =>
                await new TenantService.TenantServiceClient(channel).ListTenantsAsync(
                    new(),
                    session,
                    cancellationToken: Cancel
                )
        );
        var unlogged = await Refused.WithAsync(
            ErrorReason.Unavailable,
            async () =>
                await new Kalisecu.Findings.V1.CheckService.CheckServiceClient(channel).ListChecksAsync(
                    new(),
                    session,
                    cancellationToken: Cancel
                )
        );

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (logged.StatusCode, unlogged.StatusCode));
        Assert.NotNull(unlogged.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        await app.StopAsync(Cancel);
    }

    private WebApplication Build(IReadOnlyList<Capability> capabilities)
    {
        // Nobody listens there.
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = Kalisecu.Cli.OneMachine.Ports.Free(),
            Database = "kalisecu",
            Username = "kalisecu_server",
            Password = "none",
        };
        var settings = TestSettings.Write(_folder, _authorities, database.ConnectionString);
        return ServerHost.Build(settings, capabilities, builder => builder.Logging.ClearProviders());
    }
}
