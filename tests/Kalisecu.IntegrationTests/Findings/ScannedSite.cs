using Grpc.Core;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Readers;
using Kalisecu.Agent.Reading;
using Kalisecu.Agent.Spool;
using Kalisecu.Certificates;
using Kalisecu.Findings.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>A site whose authorisation covers what these reports name, with an agent that spools and pushes for it.</summary>
internal sealed class ScannedSite : IDisposable
{
    private readonly TestServer _server;
    private readonly TestFolder _folder = new();
    private readonly SpoolFolder _spool;
    private readonly ReportFormats _formats = new(CheckCatalogue.Load());

    private ScannedSite(TestServer server, Guid tenant, Guid site, Guid agent)
    {
        _server = server;
        (Tenant, Site, Agent) = (tenant, site, agent);
        _spool = new SpoolFolder(_folder.Path);
    }

    public Guid Tenant { get; }

    public Guid Site { get; }

    public Guid Agent { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ScannedSite> OfAsync(TestServer server, params string[] reports)
    {
        var tenant = await server.Given.TenantAsync();
        var site = await server.Given.SiteAsync(tenant);
        var scanned = new ScannedSite(server, tenant, site, await server.Given.AgentAsync(tenant));
        string[] origins = ["https://shop.example.fr", .. reports.SelectMany(scanned.Origins)];
        await server.Given.AuthorisationAsync(tenant, site, [.. origins.Distinct(StringComparer.Ordinal)]);
        return scanned;
    }

    /// <summary>As <c>kalisecu-agent push</c> does it: read, spool, lease, stream.</summary>
    public async Task<PushCounts> PushAsync(string report)
    {
        // Two scans never end at the same moment: which of them was the last would be chance.
        _server.Clock.Advance(Duration.FromSeconds(1));
        var entry = new ScanSpooler(_spool, CheckCatalogue.Load(), _server.Clock).Spool(
            Open(report),
            new ScanChoices(Site, Tool: null, Complete: null),
            Cancel
        );
        var channel = _server.Channel(SpiffeKind.Agent, Agent.ToString("D"));
        var outcome = await new Pusher(channel.CreateCallInvoker(), _spool).PushAsync(entry, progress: null, Cancel);
        return outcome.Counts ?? throw new InvalidOperationException($"{report}: {outcome.Refusal}");
    }

    public HashSet<Guid> Ids(string report) => [.. Resources(report).Keys];

    /// <summary>Each finding's occurrence of a report, with what must be visited for it to close.</summary>
    public Dictionary<Guid, string> Resources(string report) =>
        Records(report)
            .OfType<IdentifiedOccurrence>()
            .Where(o => o.Of is SubjectKind.Finding)
            .ToDictionary(o => o.OccurrenceId, o => o.Resource);

    /// <summary>All open occurrences and observations, as a member's frontend pages through them.</summary>
    public async Task<int> CountRecordsAsync() => (await OpenIdsAsync()).Count + await CountObservationsAsync();

    public async Task<HashSet<Guid>> OpenIdsAsync()
    {
        var (findings, headers) = await ReadAsMemberAsync();
        var open = new HashSet<Guid>();
        var list = new ListFindingsRequest
        {
            SiteId = Site.ToString("D"),
            States = { FindingState.Open },
            PageSize = 1000,
        };
        foreach (var finding in (await findings.ListFindingsAsync(list, headers, cancellationToken: Cancel)).Findings)
        {
            var page = new ListOccurrencesRequest
            {
                FindingId = finding.FindingId,
                OpenOnly = true,
                PageSize = 1000,
            };
            do
            {
                var answer = await findings.ListOccurrencesAsync(page, headers, cancellationToken: Cancel);
                open.UnionWith(answer.Occurrences.Select(o => Guid.Parse(o.OccurrenceId)));
                page.PageToken = answer.NextPageToken;
            } while (page.PageToken.Length > 0);
        }

        return open;
    }

    public void Dispose() => _folder.Dispose();

    private async Task<int> CountObservationsAsync()
    {
        var (findings, headers) = await ReadAsMemberAsync();
        var page = new ListObservationsRequest
        {
            SiteId = Site.ToString("D"),
            OpenOnly = true,
            PageSize = 1000,
        };
        var count = 0;
        do
        {
            var answer = await findings.ListObservationsAsync(page, headers, cancellationToken: Cancel);
            count += answer.Observations.Count;
            page.PageToken = answer.NextPageToken;
        } while (page.PageToken.Length > 0);

        return count;
    }

    private async Task<(FindingService.FindingServiceClient Findings, Metadata Headers)> ReadAsMemberAsync() =>
        (
            new FindingService.FindingServiceClient(_server.Channel(SpiffeKind.Frontend, "dashboard")),
            await _server.Given.SignedInAsync(Role.MemberReader, Tenant)
        );

    private IEnumerable<string> Origins(string report) =>
        Records(report).OfType<IdentifiedOccurrence>().Select(o => Origin(o.Resource)).OfType<string>();

    private static string? Origin(string resource)
    {
        var start = resource.IndexOf("http", StringComparison.Ordinal);
        if (start >= 0 && Uri.TryCreate(resource[start..], UriKind.Absolute, out var uri))
        {
            return uri.GetLeftPart(UriPartial.Authority);
        }

        var address = resource.Split('/', ' ')[0];
        return Uri.TryCreate("https://" + address, UriKind.Absolute, out var port) && port.Host.Length > 0
            ? port.GetLeftPart(UriPartial.Authority)
            : null;
    }

    private IEnumerable<IdentifiedRecord> Records(string report) =>
        new ReportIdentity(Site).Identify(Open(report).Read(Cancel));

    private Report Open(string report) => Report.Open(ReportSource.File(report), _formats);
}
