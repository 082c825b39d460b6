using System.Text;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Findings;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class FindingReadTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private V1.FindingService.FindingServiceClient Client => new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finding_comes_with_its_tools_and_what_to_do()
    {
        var (findings, headers) = await StartAsync(Role.MemberReader);
        var id = await findings.FindingAsync("http.header.csp.missing", Severity.High, tools: ["zap", "nuclei"]);

        var finding = await GetAsync(id, headers);

        Assert.Equal(["nuclei", "zap"], finding.Tools);
        Assert.Equal(["", "nuclei", "zap"], finding.Recommendations.Select(r => r.Tool));
        Assert.NotEmpty(finding.Recommendations[0].TextFr);
        Assert.Equal([79u, 693u], finding.CweNumbers);
        Assert.Equal("What it is.", finding.Description);
        Assert.Equal(V1.Severity.High, finding.Severity);
        Assert.Null(finding.Dismissal);
    }

    [Fact]
    public async Task Another_tenants_finding_and_an_absent_one_give_the_same_words()
    {
        var (findings, _) = await StartAsync(Role.MemberReader);
        var (_, foreign) = await StartAsync(Role.MemberReader);
        var id = await findings.FindingAsync("zap:1");

        var theirs = await Assert.ThrowsAsync<RpcException>(() => GetAsync(id, foreign));
        var nobodys = await Assert.ThrowsAsync<RpcException>(() => GetAsync(Guid.AllBitsSet, foreign));

        Assert.Equal(StatusCode.NotFound, theirs.StatusCode);
        Assert.Equal(nobodys.Status.Detail, theirs.Status.Detail);
    }

    [Fact]
    public async Task Occurrences_page_by_identifier_and_say_whether_an_exchange_is_kept()
    {
        var (findings, headers) = await StartAsync(Role.MemberReader);
        var now = server.Clock.GetCurrentInstant();
        var id = await findings.FindingAsync("zap:1");
        var with = await findings.OccurrenceAsync(id, "https://a", exchange: Encoding.UTF8.GetBytes("GET / HTTP/1.1"));
        await findings.OccurrenceAsync(id, "https://b", closeTime: now);
        await findings.OccurrenceAsync(id, "https://c");

        var request = new V1.ListOccurrencesRequest { FindingId = id.ToString("D"), PageSize = 2 };
        var first = await Client.ListOccurrencesAsync(request, headers, cancellationToken: Cancel);
        request.PageToken = first.NextPageToken;
        var second = await Client.ListOccurrencesAsync(request, headers, cancellationToken: Cancel);
        var open = await Client.ListOccurrencesAsync(
            new V1.ListOccurrencesRequest { FindingId = id.ToString("D"), OpenOnly = true },
            headers,
            cancellationToken: Cancel
        );
        var exchange = await Client.GetExchangeAsync(
            new V1.GetExchangeRequest { FindingId = id.ToString("D"), OccurrenceId = with.ToString("D") },
            headers,
            cancellationToken: Cancel
        );

        Assert.Equal(
            ["https://a", "https://b", "https://c"],
            [.. first.Occurrences.Concat(second.Occurrences).Select(o => o.Place).Order(StringComparer.Ordinal)]
        );
        Assert.Equal(2, open.Occurrences.Count);
        Assert.Equal(with.ToString("D"), Assert.Single(open.Occurrences, o => o.HasExchange).OccurrenceId);
        Assert.Equal("GET / HTTP/1.1", exchange.Exchange.ToStringUtf8());
    }

    [Fact]
    public async Task Observations_are_listed_by_kind_and_place()
    {
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        var headers = await _given.SignedInAsync(Role.MemberReader, tenant);
        var findings = new GivenFindings(server, tenant, site);
        await findings.ObservationAsync("tls.protocol", "tcp/443", "TLS 1.3");
        await findings.ObservationAsync("port.open", "tcp/80", "http");
        await findings.ObservationAsync("port.open", "tcp/22", "ssh", open: false);

        var request = new V1.ListObservationsRequest { SiteId = site.ToString("D"), PageSize = 2 };
        var first = await Client.ListObservationsAsync(request, headers, cancellationToken: Cancel);
        request.PageToken = first.NextPageToken;
        var second = await Client.ListObservationsAsync(request, headers, cancellationToken: Cancel);
        var tls = await Client.ListObservationsAsync(
            new V1.ListObservationsRequest
            {
                SiteId = site.ToString("D"),
                KindPrefix = "tls.",
                OpenOnly = true,
            },
            headers,
            cancellationToken: Cancel
        );

        Assert.Equal(
            ["tcp/22", "tcp/80", "tcp/443"],
            first.Observations.Concat(second.Observations).Select(o => o.Place)
        );
        Assert.Equal("TLS 1.3", Assert.Single(tls.Observations).Value);
    }

    [Fact]
    public async Task A_dismissed_finding_counts_again_when_restored_and_both_are_history()
    {
        var (findings, headers) = await StartAsync(Role.StaffAnalyst);
        var id = await findings.FindingAsync("zap:1");

        var dismissed = await DismissAsync(id, headers);
        var again = () => DismissAsync(id, headers);
        await Refused.WithAsync(Errors.V1.ErrorReason.FindingDismissed, async () => await again());
        await Refused.WithAsync(
            Errors.V1.ErrorReason.ChangedSinceRead,
            async () => await RestoreAsync(id, headers, etag: "1")
        );
        server.Clock.AdvanceMilliseconds(1);
        var restored = await RestoreAsync(id, headers, dismissed.Etag);
        var events = await EventsAsync(id, headers);

        Assert.Equal(V1.DismissalKind.AcceptedRisk, dismissed.Dismissal.Kind);
        Assert.Null(restored.Dismissal);
        Assert.Equal([V1.FindingEventKind.Restored, V1.FindingEventKind.Dismissed], events.Select(e => e.Kind));
        Assert.Equal("A customer asked for it", events[1].Dismissal.Justification);
        Assert.Equal(
            2L,
            await _given.AskAsync<long>("select count(*) from evidence_entries where subject_id = $1", id)
        );
    }

    [Fact]
    public async Task A_dismissal_ends_by_itself_and_leaves_its_end_in_the_history()
    {
        var (findings, headers) = await StartAsync(Role.StaffAnalyst);
        var id = await findings.FindingAsync("zap:1");
        var until = server.Clock.GetCurrentInstant() + Duration.FromMinutes(5);
        await DismissAsync(id, headers, until);

        server.Clock.AdvanceMinutes(6);

        Assert.Null((await GetAsync(id, headers)).Dismissal);
        Assert.Equal(
            [V1.FindingEventKind.DismissalExpired, V1.FindingEventKind.Dismissed],
            (await EventsAsync(id, headers)).Select(e => e.Kind)
        );
        Assert.Equal(2, (await EventsAsync(id, headers)).Count);
        Assert.NotNull((await DismissAsync(id, headers)).Dismissal);
    }

    private async Task<V1.Finding> GetAsync(Guid id, Metadata headers) =>
        (
            await Client.GetFindingAsync(
                new V1.GetFindingRequest { FindingId = id.ToString("D") },
                headers,
                cancellationToken: Cancel
            )
        ).Finding;

    private async Task<V1.Finding> DismissAsync(Guid id, Metadata headers, Instant? until = null) =>
        (
            await Client.DismissFindingAsync(
                new V1.DismissFindingRequest
                {
                    FindingId = id.ToString("D"),
                    Kind = V1.DismissalKind.AcceptedRisk,
                    Justification = "A customer asked for it",
                    ExpireTime = until is { } end ? Kalisecu.Errors.Fields.Write(end) : null,
                },
                headers,
                cancellationToken: Cancel
            )
        ).Finding;

    private async Task<V1.Finding> RestoreAsync(Guid id, Metadata headers, string etag) =>
        (
            await Client.RestoreFindingAsync(
                new V1.RestoreFindingRequest { FindingId = id.ToString("D"), Etag = etag },
                headers,
                cancellationToken: Cancel
            )
        ).Finding;

    private async Task<List<V1.FindingEvent>> EventsAsync(Guid id, Metadata headers) =>
        [
            .. (
                await Client.ListFindingEventsAsync(
                    new V1.ListFindingEventsRequest { FindingId = id.ToString("D") },
                    headers,
                    cancellationToken: Cancel
                )
            ).Events,
        ];

    private async Task<(GivenFindings Findings, Metadata Headers)> StartAsync(Role role)
    {
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        return (new GivenFindings(server, tenant, site), await _given.SignedInAsync(role, tenant));
    }
}
