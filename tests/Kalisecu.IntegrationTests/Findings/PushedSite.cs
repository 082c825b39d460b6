using Grpc.Core;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Certificates;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>A site that an agent scans and pushes as the real agent does: spool, stream.</summary>
internal sealed class PushedSite : IDisposable
{
    public const string Origin = "https://shop.example.fr";

    private readonly TestServer _server;
    private readonly TestFolder _folder = new();
    private readonly SpoolFolder _spool;

    private PushedSite(TestServer server, Guid tenant, Guid site, Guid agent)
    {
        _server = server;
        (Tenant, Site, Agent) = (tenant, site, agent);
        _spool = new SpoolFolder(_folder.Path);
    }

    public Guid Tenant { get; }

    public Guid Site { get; }

    public Guid Agent { get; }

    public CallInvoker Invoker => _server.Channel(SpiffeKind.Agent, Agent.ToString("D")).CreateCallInvoker();

    public static async Task<PushedSite> OfAsync(TestServer server)
    {
        var tenant = await server.Given.TenantAsync();
        var site = await server.Given.SiteAsync(tenant, Origin + "/");
        await server.Given.AuthorisationAsync(tenant, site, Origin);
        return new PushedSite(server, tenant, site, await server.Given.AgentAsync(tenant));
    }

    /// <summary>Spools and pushes; the whole site was visited unless told otherwise.</summary>
    public async Task<PushCounts> PushAsync(AScan scan, Guid? agent = null)
    {
        var (entry, lease) = await SpoolAsync(scan, agent);
        return await new PushStream(Invoker, entry).RunAsync(lease, CancellationToken.None);
    }

    /// <summary>The same with all that the agent does about it: again where that helps, renamed where the server says so.</summary>
    public async Task<PushCounts> PushSpooledAsync(AScan scan)
    {
        var (entry, _) = await SpoolAsync(scan);
        var outcome = await new Pusher(Invoker, _spool).PushAsync(entry, null, TestContext.Current.CancellationToken);
        return outcome.Counts ?? throw new InvalidOperationException(outcome.Refusal);
    }

    public async Task<(SpoolEntry Entry, string LeaseId)> SpoolAsync(AScan scan, Guid? agent = null)
    {
        var (scanId, leaseId) = await _server.Given.LeaseAsync(Tenant, Site, agent ?? Agent, scan.Tool);
        return (scan.Spool(_spool, scanId, Site, _server.Clock.GetCurrentInstant()), leaseId.ToString("D"));
    }

    public Task<T> AskAsync<T>(string sql) => _server.Given.AskAsync<T>(sql, Tenant, Site);

    public Task<long> OpenCountAsync() =>
        AskAsync<long>("select count(*) from occurrences where tenant_id = $1 and site_id = $2 and close_time is null");

    public void Dispose() => _folder.Dispose();
}

/// <summary>What a scan found: checks with the places where they show.</summary>
internal sealed record AScan(params (string Check, int[] Pages)[] Found)
{
    // Read once: tests make many scans.
    private static readonly string CurrentCatalogue = CheckCatalogue.Load().Version;

    /// <summary>Version of the catalogue that named the checks.</summary>
    public string Catalogue { get; init; } = CurrentCatalogue;

    public string Tool { get; init; } = "zap";

    public Severity Severity { get; init; } = Severity.Low;

    public bool Complete { get; init; } = true;

    public string[]? Visited { get; init; }

    /// <summary>The tool's own names of what is found, where they are others than the checks.</summary>
    public Dictionary<string, string> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Of every finding, in place of one for each.</summary>
    public string? Title { get; init; }

    public string Origin { get; init; } = PushedSite.Origin;

    /// <summary>Of each occurrence; empty: half of them have a short one.</summary>
    public ReadOnlyMemory<byte> Exchange { get; init; }

    public (string Kind, string Place, string Value)[] Observed { get; init; } = [];

    public static string Page(int number) => $"{PushedSite.Origin}/page/{number}";

    public static int[] Pages(int from, int count) => [.. Enumerable.Range(from, count)];

    public SpoolEntry Spool(SpoolFolder spool, Guid scanId, Guid siteId, Instant now)
    {
        var facts = new ScanFacts(scanId, siteId, Tool, "2.16", Catalogue, now - Duration.FromMinutes(5), now);
        using var writer = new SpoolWriter(spool, facts);
        foreach (var (check, pages) in Found)
        {
            writer.AddFinding(
                new FindingBody
                {
                    Check = check,
                    Rule = Rules.GetValueOrDefault(check, check),
                    Severity = Severity,
                    Title = Title ?? $"Title of {check}",
                    CweNumbers = { 79 },
                    References = { "https://cwe.mitre.org/79" },
                }
            );
            var finding = ContentIds.Finding(siteId, check);
            foreach (var page in pages)
            {
                var place = $"GET {Origin}/page/{page} [q]";
                writer.AddOccurrence(
                    finding,
                    ContentIds.Occurrence(finding, place),
                    place,
                    Exchange.IsEmpty && page % 2 == 0 ? "GET /page HTTP/1.1"u8.ToArray() : Exchange
                );
            }
        }

        foreach (var (kind, place, value) in Observed)
        {
            writer.AddObservation(
                new ObservationBody
                {
                    Kind = kind,
                    Place = place,
                    Value = value,
                }
            );
        }

        return writer.Commit(Complete, Complete && Visited is null, Visited ?? []);
    }
}
