using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Clients;

/// <summary>An independent client, written by others in another language, gets what it should and nothing else.</summary>
public sealed class NodeClientTests(TestServer server) : IClassFixture<TestServer>, IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();

    private static string Sample { get; } = Path.Combine(Programs.RepositoryRoot, "samples", "node");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(Sample, "node_modules", "@grpc", "grpc-js")))
        {
            var install = await Programs.RunAsync(Sample, "npm", ["ci", "--ignore-scripts"], Cancel);
            Assert.True(install.ExitCode == 0, install.Errors);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_frontend_with_a_session_lists_the_findings_of_the_tenant_and_no_other()
    {
        var (tenant, other) = (await server.Given.TenantAsync(), await server.Given.TenantAsync());
        var mine = await FindingAsync(tenant, "http.header.csp.missing");
        await FindingAsync(other, "sqli");
        var member = await server.Given.SignedInAsync(Role.MemberReader, tenant);

        var result = await ListAsync(server.Authorities.Issue(SpiffeKind.Frontend, "dashboard"), member);

        Assert.True(result.ExitCode == 0, result.Errors);
        var line = Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var finding = JsonDocument.Parse(line);
        Assert.Equal(mine.ToString("D"), finding.RootElement.GetProperty("finding_id").GetString());
        Assert.Equal("SEVERITY_HIGH", finding.RootElement.GetProperty("severity").GetString());
    }

    [Fact]
    public async Task Without_a_certificate_it_is_refused() => await RefusedAsync(certificate: null, "UNAVAILABLE");

    [Fact]
    public async Task With_a_foreign_certificate_it_is_refused() =>
        await RefusedAsync(TestAuthorities.IssueForeign(SpiffeKind.Frontend, "dashboard"), "UNAVAILABLE");

    [Fact]
    public async Task With_an_expired_certificate_it_is_refused() =>
        await RefusedAsync(server.Authorities.IssueExpired(SpiffeKind.Frontend, "dashboard"), "UNAVAILABLE");

    [Fact]
    public async Task With_the_certificate_of_a_revoked_agent_it_is_refused()
    {
        var tenant = await server.Given.TenantAsync();
        var agent = await server.Given.AgentAsync(tenant);
        await server.Given.RunAsync(
            "update agents set revoke_time = now(), revoke_reason = 'stolen' where agent_id = $1",
            agent
        );

        await RefusedAsync(server.Authorities.Issue(SpiffeKind.Agent, agent.ToString("D")), "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Without_a_session_a_frontend_is_refused()
    {
        var result = await ListAsync(server.Authorities.Issue(SpiffeKind.Frontend, "dashboard"), []);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("UNAUTHENTICATED", result.Errors, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(X509Certificate2? certificate, string status)
    {
        var tenant = await server.Given.TenantAsync();
        await FindingAsync(tenant, "sqli");
        var member = await server.Given.SignedInAsync(Role.MemberReader, tenant);

        var result = await ListAsync(certificate, member);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(status, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private async Task<ProgramResult> ListAsync(X509Certificate2? certificate, Metadata headers)
    {
        List<string> arguments =
        [
            "list-findings.mjs",
            "--server",
            $"localhost:{server.Address.Port}",
            "--ca",
            server.Settings.Certificates.ServicesAuthority,
        ];
        if (certificate is not null)
        {
            var (file, key) = TestAuthorities.Save(certificate, _folder.Path, "client");
            arguments.AddRange(["--cert", file, "--key", key]);
        }

        if (headers.GetValue(CallerIdentification.SessionHeader) is { } session)
        {
            arguments.Add("--session=" + session);
        }

        return await Programs.RunAsync(Sample, "node", arguments, Cancel);
    }

    private async Task<Guid> FindingAsync(Guid tenant, string check)
    {
        var site = await server.Given.SiteAsync(tenant);
        var finding = Ids.New(server.Clock.GetCurrentInstant());
        await server.Given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description,
                cwe_numbers, reference_urls, open_time)
            values ($1, $2, $3, $4, 4, 'Open', 'A weakness', 'Something is weak.', '{}', '{}', now())
            """,
            tenant,
            finding,
            site,
            check
        );
        return finding;
    }
}
