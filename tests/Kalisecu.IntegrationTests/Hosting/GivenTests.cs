using Kalisecu.Accounts;
using Kalisecu.Hosting;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Hosting;

public sealed class GivenTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_session_opens_for_the_person_whom_it_was_given_to()
    {
        var tenant = await server.Given.TenantAsync();
        var headers = await server.Given.SignedInAsync(Role.MemberOwner, tenant);

        var person = await server
            .Services.GetRequiredService<SessionDirectory>()
            .FindAsync(headers.GetValue(CallerIdentification.SessionHeader)!, TestContext.Current.CancellationToken);

        Assert.NotNull(person);
        Assert.Equal((Role.MemberOwner, tenant), (person.Role, person.TenantId));
    }

    [Fact]
    public async Task A_leased_scan_can_be_made_for_a_site()
    {
        var tenant = await server.Given.TenantAsync();
        var site = await server.Given.SiteAsync(tenant);
        await server.Given.AuthorisationAsync(tenant, site, "https://shop.example.fr");
        var agent = await server.Given.AgentAsync(tenant);

        var (scan, _) = await server.Given.LeaseAsync(tenant, site, agent);

        Assert.Equal("Leased", await server.Given.AskAsync<string>("select state from scans where scan_id = $1", scan));
    }
}
