using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Findings;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class FindingListTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private V1.FindingService.FindingServiceClient Client => new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_filter_leaves_what_it_asks_for()
    {
        var (findings, headers, site) = await StartAsync();
        var high = await findings.FindingAsync(
            "http.header.csp.missing",
            Severity.High,
            "No CSP",
            tools: ["zap", "nuclei"]
        );
        var closed = await findings.FindingAsync("zap:2", Severity.Low, "100% odd_name", open: false);
        var plain = await findings.FindingAsync("zap:3", Severity.Low, "1000 oddXname", description: "Of COOKIES");

        async Task HoldsAsync(V1.ListFindingsRequest request, params Guid[] expected) =>
            Assert.Equal(
                expected.Select(e => e.ToString("D")).Order(StringComparer.Ordinal),
                (await Client.ListFindingsAsync(request, headers, cancellationToken: Cancel))
                    .Findings.Select(f => f.FindingId)
                    .Order(StringComparer.Ordinal)
            );

        await HoldsAsync(new V1.ListFindingsRequest(), high, closed, plain);
        await HoldsAsync(new V1.ListFindingsRequest { SiteId = site.ToString("D") }, high, closed, plain);
        await HoldsAsync(new V1.ListFindingsRequest { SiteId = Guid.AllBitsSet.ToString("D") });
        await HoldsAsync(new V1.ListFindingsRequest { Severities = { V1.Severity.High, V1.Severity.Info } }, high);
        await HoldsAsync(new V1.ListFindingsRequest { States = { V1.FindingState.Closed } }, closed);
        await HoldsAsync(new V1.ListFindingsRequest { Check = "zap:3" }, plain);
        await HoldsAsync(new V1.ListFindingsRequest { Tool = "nuclei" }, high);
        await HoldsAsync(new V1.ListFindingsRequest { Text = "0% ODD_" }, closed);
        await HoldsAsync(new V1.ListFindingsRequest { Text = "CSP.miss" }, high);
        await HoldsAsync(new V1.ListFindingsRequest { Text = "cookies" }, plain);
        await HoldsAsync(new V1.ListFindingsRequest { Dismissed = V1.DismissedFilter.Only });
        await HoldsAsync(new V1.ListFindingsRequest { Dismissed = V1.DismissedFilter.Both }, high, closed, plain);
    }

    [Theory]
    [InlineData(V1.FindingOrder.Severity)]
    [InlineData(V1.FindingOrder.OpenTime)]
    [InlineData(V1.FindingOrder.Check)]
    public async Task Every_finding_stands_on_exactly_one_page_while_rows_change(V1.FindingOrder order)
    {
        var (findings, headers, _) = await StartAsync();
        await findings.ManyAsync(2500);
        var seen = new List<string>();
        var request = new V1.ListFindingsRequest
        {
            Order = order,
            PageSize = 300,
            Text = "Number",
        };
        do
        {
            var page = await Client.ListFindingsAsync(request, headers, cancellationToken: Cancel);
            seen.AddRange(page.Findings.Select(f => f.FindingId));
            request.PageToken = page.NextPageToken;
            await findings.FindingAsync("zap:in-between", title: "New");
            await _given.RunAsync("update findings set state = 'Closed' where finding_id = $1", Guid.Parse(seen[^1]));
        } while (request.PageToken.Length > 0);

        Assert.Equal(2500, seen.Count);
        Assert.Equal(2500, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task The_worst_come_first_and_then_the_newest()
    {
        var (findings, headers, _) = await StartAsync();
        var now = server.Clock.GetCurrentInstant();
        await findings.FindingAsync("a", Severity.Low, openTime: now);
        await findings.FindingAsync("b", Severity.Critical, openTime: now - Duration.FromDays(2));
        await findings.FindingAsync("c", Severity.Critical, openTime: now - Duration.FromDays(1));

        var list = await Client.ListFindingsAsync(new V1.ListFindingsRequest(), headers, cancellationToken: Cancel);

        Assert.Equal(["c", "b", "a"], list.Findings.Select(f => f.Check));
    }

    [Fact]
    public async Task A_token_of_another_list_is_refused()
    {
        var (findings, headers, _) = await StartAsync();
        await findings.ManyAsync(3);
        var list = await Client.ListFindingsAsync(
            new V1.ListFindingsRequest { PageSize = 2 },
            headers,
            cancellationToken: Cancel
        );

        await Refused.WithAsync(
            Errors.V1.ErrorReason.PageTokenInvalid,
            async () =>
                await Client.ListFindingsAsync(
                    new V1.ListFindingsRequest { Text = "x", PageToken = list.NextPageToken },
                    headers,
                    cancellationToken: Cancel
                )
        );
    }

    private async Task<(GivenFindings Findings, Metadata Headers, Guid Site)> StartAsync()
    {
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        return (new GivenFindings(server, tenant, site), await _given.SignedInAsync(Role.MemberReader, tenant), site);
    }
}
