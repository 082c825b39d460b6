using Kalisecu.Certificates;
using Kalisecu.Compliance;
using Kalisecu.Errors;
using Kalisecu.Hosting;
using Kalisecu.Server;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using V1 = Kalisecu.Compliance.V1;

namespace Kalisecu.IntegrationTests.Compliance;

public sealed class ResidencyTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);
    private readonly V1.RegisterService.RegisterServiceClient _register = new(
        server.Channel(SpiffeKind.Operator, "console")
    );

    private ResidencyGuard Guard => server.Services.GetRequiredService<ResidencyGuard>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_goes_to_this_machine_and_to_listed_hosts_only()
    {
        await Guard.RequireListedAsync("localhost", Cancel);
        await Guard.RequireListedAsync("/var/run/postgresql", Cancel);
        await Guard.RequireListedAsync(new Uri("https://s3.fr-par.scw.cloud/bucket"), Cancel);
        var refusal = await Assert.ThrowsAsync<Refusal>(async () =>
            await Guard.RequireListedAsync("collector.example.com", Cancel)
        );

        Assert.Equal(Kalisecu.Errors.V1.ErrorReason.HostNotListed, refusal.Reason);
    }

    [Fact]
    public async Task A_request_to_a_host_outside_the_EU_is_refused_before_it_leaves()
    {
        await SetAsync("faraway", "US", "api.faraway.example");
        using var client = new HttpClient(
            new ResidencyHandler(Guard) { InnerHandler = new SocketsHttpHandler() },
            disposeHandler: true
        );

        var refusal = await Assert.ThrowsAsync<Refusal>(() =>
            client.GetAsync(new Uri("https://api.faraway.example/"), Cancel)
        );
        await EndAsync("faraway");

        Assert.Equal(Kalisecu.Errors.V1.ErrorReason.HostOutsideEu, refusal.Reason);
        Assert.Equal("US", refusal.Metadata["country"]);
    }

    [Fact]
    public async Task A_server_whose_database_is_elsewhere_does_not_start()
    {
        using var folder = new TestFolder();
        var settings = TestSettings.Write(
            folder,
            server.Authorities,
            new NpgsqlConnectionStringBuilder(server.Database.Server) { Host = "db.elsewhere.example" }.ConnectionString
        );
        await using var app = ServerHost.Build(settings, Capabilities.All, builder => builder.Logging.ClearProviders());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(Cancel));

        Assert.Equal(
            Kalisecu.Errors.V1.ErrorReason.HostNotListed,
            Assert.IsType<Refusal>(failure.InnerException).Reason
        );
    }

    [Fact]
    public async Task HOST_1_and_SUB_3_A_processor_outside_the_EU_breaks_them()
    {
        Assert.Equal(V1.ClauseState.Unproven, (await _desk.CheckAsync("HOST-1", "hosts")).State);
        Assert.Equal(V1.ClauseState.Holds, (await _desk.CheckAsync("SUB-3", "countries")).State);

        await SetAsync("mailer", "US", "api.mailer.example");
        var hosts = await _desk.CheckAsync("HOST-1", "hosts");
        var countries = await _desk.CheckAsync("SUB-3", "countries");
        await EndAsync("mailer");

        Assert.Equal(V1.ClauseState.Broken, hosts.State);
        Assert.Contains("mailer", hosts.Evidence, StringComparison.Ordinal);
        Assert.Equal(V1.ClauseState.Broken, countries.State);
        Assert.Equal(V1.ClauseState.Holds, (await _desk.CheckAsync("SUB-3", "countries")).State);
    }

    [Fact]
    public async Task SUB_1_A_processor_that_the_policy_does_not_name_breaks_it()
    {
        Assert.Equal(V1.ClauseState.Holds, (await _desk.CheckAsync("SUB-1", "named-processors")).State);

        await SetAsync("helpdesk", "FR", "api.helpdesk.example");
        var broken = await _desk.CheckAsync("SUB-1", "named-processors");
        await EndAsync("helpdesk");

        Assert.Equal(V1.ClauseState.Broken, broken.State);
        Assert.Contains("helpdesk", broken.Evidence, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(V1.ClauseState.Holds, (await _desk.CheckAsync("SUB-1", "named-processors")).State);
    }

    [Fact]
    public async Task SUB_2_is_unproven_as_long_as_an_agreement_is_not_recorded()
    {
        var unproven = await _desk.CheckAsync("SUB-2", "agreements");

        Assert.Equal(V1.ClauseState.Unproven, unproven.State);
        Assert.Equal(5, unproven.Figures["without_agreement"]);
    }

    private async Task SetAsync(string name, string country, string host)
    {
        await _register.SetProcessorAsync(
            new V1.SetProcessorRequest
            {
                Name = name,
                LegalName = $"{name} Inc.",
                Role = V1.ProcessorRole.Other,
                Country = country,
                Purposes = { V1.ProcessingPurpose.Communication },
                Hosts = { host },
            },
            cancellationToken: Cancel
        );
        // The register is remembered for a minute.
        server.Clock.Advance(Duration.FromMinutes(2));
    }

    private async Task EndAsync(string name) =>
        await _register.EndProcessorAsync(
            new V1.EndProcessorRequest { Name = name, Reason = "the test is over" },
            cancellationToken: Cancel
        );
}
