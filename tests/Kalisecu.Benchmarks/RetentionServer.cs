using System.Text.Json;
using Kalisecu.Certificates;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.Benchmarks;

/// <summary>What the measuring process needs to know of the server and its database.</summary>
internal sealed record RetentionTargets(
    Uri Address,
    string Authority,
    string Certificate,
    string Key,
    IReadOnlyDictionary<string, string> Headers,
    string FindingId,
    string Superuser,
    string Retention
);

/// <summary>A server over a database that waits for its disk, for reads beside a sweep.</summary>
internal static class RetentionServer
{
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        var tenant = await test.Given.TenantAsync();
        var finding = await new GivenFindings(test, tenant, await test.Given.SiteAsync(tenant)).FindingAsync(
            "zap:10038",
            description: new string('d', 200)
        );
        var (certificate, key) = TestAuthorities.Save(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            folder,
            "frontend"
        );
        var authority = Path.Combine(folder, "services-ca.crt");
        test.Authorities.Services.Save(authority, Path.Combine(folder, "services-ca.key"));
        var session = await test.Given.SignedInAsync(Role.MemberReader, tenant);
        var targets = new RetentionTargets(
            test.Address,
            authority,
            certificate,
            key,
            session.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal),
            finding.ToString("D"),
            test.Database.Superuser,
            test.Database.Connection(DatabaseRoles.Retention)
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }
}
