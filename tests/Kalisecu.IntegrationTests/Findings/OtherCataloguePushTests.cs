using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Errors.V1;
using Kalisecu.Findings;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>A server whose catalogue knows one earlier version, of which it named some rules otherwise.</summary>
public sealed class LaterCatalogueServer : IAsyncLifetime
{
    public const string Earlier = "2025.4";

    public TestServer Server { get; } =
        new()
        {
            Otherwise = services =>
                services.AddSingleton(
                    new CheckCatalogue(
                        "2026.9",
                        [
                            ACheck("web.xss", new CheckRule("zap", "40012"), new CheckRule("zap", "40014")),
                            ACheck("web.framing", new CheckRule("zap", "10020")),
                        ],
                        [
                            new EarlierCatalogue(
                                Earlier,
                                [
                                    new FormerName("zap", "40012", "web.xss.reflected"),
                                    new FormerName("zap", "40014", ""),
                                    new FormerName("zap", "10038", "web.csp"),
                                ]
                            ),
                        ]
                    )
                ),
        };

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static CatalogueCheck ACheck(string name, params CheckRule[] rules) =>
        new(name, Severity.High, [79], ATextOf(name), ATextOf(name), ATextOf(name), rules);

    private static CheckText ATextOf(string name) => new(name, name);
}

public sealed class OtherCataloguePushTests(LaterCatalogueServer later) : IClassFixture<LaterCatalogueServer>
{
    private readonly TestServer _server = later.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scan_of_an_earlier_catalogue_comes_in_under_the_names_of_the_servers()
    {
        using var site = await PushedSite.OfAsync(_server);
        var scan = new AScan(("web.xss.reflected", [1, 2]), ("zap:40014", [2, 3]), ("web.csp", [1]), ("zap:7", [5]))
        {
            Catalogue = LaterCatalogueServer.Earlier,
            Rules =
            {
                ["web.xss.reflected"] = "40012",
                ["zap:40014"] = "40014",
                ["web.csp"] = "10038-1",
                ["zap:7"] = "7",
            },
        };

        var counts = await site.PushSpooledAsync(scan);

        Assert.Equal(6UL, counts.OccurrencesOpened);
        Assert.Equal("web.xss, zap:10038-1, zap:7", await ChecksAsync(site));
        // Page 2 showed two rules that are one check now: two places of one finding.
        Assert.Equal(
            2,
            await site.AskAsync<long>(
                "select count(*) from occurrences where tenant_id = $1 and site_id = $2 and place like '%/page/2 [q]%'"
            )
        );
    }

    [Fact]
    public async Task What_was_renamed_is_the_same_as_what_the_servers_own_catalogue_names()
    {
        using var site = await PushedSite.OfAsync(_server);
        var now = new AScan(("web.xss", [1, 2])) { Catalogue = "2026.9", Rules = { ["web.xss"] = "40012" } };
        await site.PushSpooledAsync(now);
        var before = new AScan(("web.xss.reflected", [1, 2]))
        {
            Catalogue = LaterCatalogueServer.Earlier,
            Title = "Title of web.xss",
            Rules = { ["web.xss.reflected"] = "40012" },
        };

        var counts = await site.PushSpooledAsync(before);

        Assert.Equal((0UL, 2UL, 0UL), (counts.OccurrencesOpened, counts.OccurrencesUnchanged, counts.FindingsChanged));
    }

    [Fact]
    public async Task An_earlier_catalogue_that_names_the_tools_rules_the_same_needs_no_renaming()
    {
        using var site = await PushedSite.OfAsync(_server);
        using var push = await RawPush.OfAsync(
            site,
            new AScan(("nmap:1", [1])) { Tool = "nmap", Catalogue = LaterCatalogueServer.Earlier }
        );

        Assert.Equal(V1.PushPlan.All, await push.OpenAsync());
    }

    [Theory]
    [InlineData("2024.1")]
    [InlineData("2027.1")]
    [InlineData("")]
    public async Task A_catalogue_that_the_server_does_not_know_is_refused_with_what_to_do(string version)
    {
        using var site = await PushedSite.OfAsync(_server);
        using var push = await RawPush.OfAsync(site, new AScan(("web.xss", [1])) { Catalogue = version });

        var refused = await Refused.WithAsync(ErrorReason.CatalogueTooOld, () => push.OpenAsync());

        Assert.Contains(
            "install the agent that belongs to this server",
            refused.Status.Detail,
            StringComparison.Ordinal
        );
    }

    private static Task<string> ChecksAsync(PushedSite site) =>
        site.AskAsync<string>(
            "select string_agg(check_name, ', ' order by check_name) from findings where tenant_id = $1 and site_id = $2"
        );
}
