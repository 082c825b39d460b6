using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class CheckTests(TestServer server) : IClassFixture<TestServer>
{
    private V1.CheckService.CheckServiceClient Catalogue => new(server.Channel(SpiffeKind.Operator, "console"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_is_told_in_both_languages_with_the_rules_that_lead_to_it()
    {
        var headers = await server.Given.SignedInAsync(Role.MemberReader, await server.Given.TenantAsync());
        var dashboard = new V1.CheckService.CheckServiceClient(server.Channel(SpiffeKind.Frontend, "dashboard"));

        var answer = await dashboard.GetCheckAsync(
            new V1.GetCheckRequest { Name = "http.header.csp.missing" },
            headers,
            cancellationToken: Cancel
        );

        Assert.NotEmpty(answer.CatalogueVersion);
        Assert.Equal("http.header.csp.missing", answer.Check.Name);
        Assert.NotEmpty(answer.Check.TitleFr);
        Assert.NotEmpty(answer.Check.TitleEn);
        Assert.NotEmpty(answer.Check.RecommendationFr);
        Assert.Contains(answer.Check.ToolRules, r => r is { Tool: "zap", Rule: "10038" });
    }

    [Fact]
    public async Task The_pages_of_the_catalogue_are_all_of_it_in_order()
    {
        var names = new List<string>();
        var request = new V1.ListChecksRequest { PageSize = 7 };
        do
        {
            var page = await Catalogue.ListChecksAsync(request, cancellationToken: Cancel);
            names.AddRange(page.Checks.Select(c => c.Name));
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);

        var all = await Catalogue.ListChecksAsync(
            new V1.ListChecksRequest { PageSize = 1000 },
            cancellationToken: Cancel
        );
        Assert.Equal(all.Checks.Select(c => c.Name), names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task The_catalogue_is_filtered_by_prefix_and_tool()
    {
        var checks = await Catalogue.ListChecksAsync(
            new V1.ListChecksRequest { Prefix = "http.header.", Tool = "nuclei" },
            cancellationToken: Cancel
        );

        Assert.NotEmpty(checks.Checks);
        Assert.All(checks.Checks, c => Assert.StartsWith("http.header.", c.Name, StringComparison.Ordinal));
        Assert.All(checks.Checks, c => Assert.Contains(c.ToolRules, r => r is { Tool: "nuclei" }));
    }

    [Fact]
    public async Task A_check_that_the_catalogue_does_not_know_is_not_found()
    {
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await Catalogue.GetCheckAsync(new V1.GetCheckRequest { Name = "no.such" }, cancellationToken: Cancel)
        );
    }
}
