using System.Text.Json;
using Kalisecu.Certificates;
using Kalisecu.Findings;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.Benchmarks;

/// <summary>What the measuring process needs to know of the server.</summary>
internal sealed record ExportTargets(
    Uri Address,
    string Authority,
    string Certificate,
    string Key,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Psql,
    string TenantId,
    string Copy
);

/// <summary>A server over one tenant with many occurrences, beside others' rows.</summary>
internal static class ExportServer
{
    public static async Task RunAsync(string folder, int occurrences, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        var tenant = await FillAsync(test, occurrences);
        await FillAsync(test, occurrences / 10);
        await test.Given.RunAsync("vacuum (analyze) occurrences");

        var (certificate, key) = TestAuthorities.Save(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            folder,
            "frontend"
        );
        var authority = Path.Combine(folder, "services-ca.crt");
        test.Authorities.Services.Save(authority, Path.Combine(folder, "services-ca.key"));
        var session = await test.Given.SignedInAsync(Role.StaffAnalyst, tenant);
        var targets = new ExportTargets(
            test.Address,
            authority,
            certificate,
            key,
            session.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal),
            Psql.EnvironmentOf(test.Database.Server),
            tenant.ToString("D"),
            new ExportQuery(tenant, SiteId: null, OpenOnly: false).ToCopy()
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    private static async Task<Guid> FillAsync(TestServer test, int occurrences)
    {
        var tenant = await test.Given.TenantAsync();
        var site = await test.Given.SiteAsync(tenant);
        await new GivenFindings(test, tenant, site).ManyOccurrencesAsync(occurrences);
        return tenant;
    }
}
