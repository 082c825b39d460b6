using System.Security.Cryptography;
using System.Text.Json;
using Kalisecu.Errors.V1;
using Kalisecu.Findings;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.IntegrationTests.Reports;

public sealed class ReportTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private Instant Now => server.Clock.GetCurrentInstant();

    [Fact]
    public async Task A_report_tells_the_worst_first_each_with_its_places_then_what_was_observed()
    {
        var (site, findings, analyst, _) = await StartAsync();
        var low = await findings.FindingAsync("zap:10020", Severity.Low, "Not framed");
        await findings.OccurrenceAsync(low, "GET https://shop.example.fr/b");
        await findings.OccurrenceAsync(low, "GET https://shop.example.fr/a");
        var high = await findings.FindingAsync(
            "http.header.csp.missing",
            Severity.High,
            "no CSP",
            tools: ["zap", "nuclei"]
        );
        await findings.OccurrenceAsync(high, "GET https://shop.example.fr/");
        await findings.FindingAsync("zap:1", open: false);
        await findings.ObservationAsync("tls.protocol", "shop.example.fr:443", "TLS 1.3");
        await findings.ObservationAsync("port.open", "shop.example.fr:25/tcp", "smtp", open: false);

        var draft = await analyst.ComposeAsync(site);
        var entries = await analyst.ReadAsync(draft);

        Assert.Equal(
            [
                "header",
                "http.header.csp.missing",
                "GET https://shop.example.fr/",
                "zap:10020",
                "GET https://shop.example.fr/a",
                "GET https://shop.example.fr/b",
                "tls.protocol",
            ],
            entries.Select(Name)
        );
        Assert.Equal("The shop", entries[0].Header.SiteDisplayName);
        Assert.Equal("Deux faiblesses <à corriger>.", entries[0].Header.Report.Summary);
        Assert.Equal(V1.ReportState.Draft, entries[0].Header.Report.State);
        Assert.Equal(["nuclei", "zap"], entries[1].Finding.Tools);
        Assert.Equal([79u, 693u], entries[1].Finding.CweNumbers);
        Assert.Equal(2ul, entries[3].Finding.OccurrenceCount);
        Assert.Equal(
            new V1.ReportCounts
            {
                High = 1,
                Low = 1,
                OccurrenceCount = 3,
                ObservationCount = 1,
            },
            draft.Counts
        );
        Assert.Empty(draft.Digest);
    }

    [Fact]
    public async Task Texts_of_known_checks_come_in_the_reports_language()
    {
        var (site, findings, analyst, _) = await StartAsync();
        var id = await findings.FindingAsync("http.header.csp.missing", title: "as the tool says it");
        await findings.OccurrenceAsync(id, "GET https://shop.example.fr/");
        var check = CheckCatalogue.ReadEmbedded().Find("http.header.csp.missing")!;

        var french = await analyst.ReadAsync(await analyst.ComposeAsync(site));
        var english = await analyst.ReadAsync(await analyst.ComposeAsync(site, language: V1.ReportLanguage.En));

        Assert.Equal(check.Title.Fr, french[1].Finding.Title);
        Assert.Equal(check.Recommendation.Fr, french[1].Finding.Recommendation);
        Assert.Equal(check.Title.En, english[1].Finding.Title);
    }

    [Fact]
    public async Task A_dismissed_finding_is_left_out_and_comes_back_when_the_decision_ends()
    {
        var (site, findings, analyst, _) = await StartAsync();
        var id = await findings.FindingAsync("zap:1");
        await findings.OccurrenceAsync(id, "GET https://shop.example.fr/");
        await _given.RunAsync(
            """
            update findings set dismissal_kind = 'FalsePositive', dismissal_justification = 'seen by hand',
                dismissal_person_id = finding_id, dismissal_time = $2, dismissal_expire_time = $3 where finding_id = $1
            """,
            id,
            Now,
            Now + Duration.FromMinutes(5)
        );

        var without = await analyst.ComposeAsync(site);
        server.Clock.AdvanceMinutes(6);
        var with = await analyst.ComposeAsync(site);

        Assert.Equal(0ul, without.Counts.OccurrenceCount);
        Assert.Equal(1u, with.Counts.Medium);
    }

    [Fact]
    public async Task A_past_moment_is_told_as_it_was()
    {
        var (site, findings, analyst, _) = await StartAsync();
        var before = Now - Duration.FromHours(1);
        await _given.RunAsync("update sites set create_time = $2 where site_id = $1", site, before);
        var mended = await findings.FindingAsync("zap:mended", open: false, openTime: before);
        await findings.OccurrenceAsync(mended, "was", before, Now - Duration.FromMinutes(10));
        var young = await findings.FindingAsync("zap:young");
        await findings.OccurrenceAsync(young, "is");

        var then = await analyst.ReadAsync(await analyst.ComposeAsync(site, Now - Duration.FromMinutes(20)));
        var atClosing = await analyst.ReadAsync(await analyst.ComposeAsync(site, Now - Duration.FromMinutes(10)));
        var today = await analyst.ReadAsync(await analyst.ComposeAsync(site));

        Assert.Equal(["header", "zap:mended", "was"], then.Select(Name));
        Assert.Equal(["header"], atClosing.Select(Name));
        Assert.Equal(["header", "zap:young", "is"], today.Select(Name));
        await Refused.WithAsync(
            ErrorReason.ReportMomentTooEarly,
            () => analyst.ComposeAsync(site, before - Duration.FromSeconds(1))
        );
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () => analyst.ComposeAsync(site, Now + Duration.FromSeconds(1))
        );
    }

    [Fact]
    public async Task A_draft_does_not_exist_for_members_until_it_is_published()
    {
        var (site, _, analyst, member) = await StartAsync();
        var draft = await analyst.ComposeAsync(site);

        await Refused.WithAsync(ErrorReason.NotFound, () => member.GetAsync(draft));
        await Refused.WithAsync(ErrorReason.NotFound, () => member.ReadAsync(draft));
        await Refused.WithAsync(ErrorReason.NotFound, () => member.ExportAsync(draft, V1.ExportFormat.Json));
        Assert.Empty((await member.ListAsync(new V1.ListReportsRequest())).Reports);
        Assert.Single((await analyst.ListAsync(new V1.ListReportsRequest())).Reports);
        await analyst.PublishAsync(draft, draft.Etag);

        Assert.Equal(1u, (await member.GetAsync(draft)).Version);
        Assert.NotEmpty(await member.ReadAsync(draft));
        Assert.Equal("", Assert.Single((await member.ListAsync(new V1.ListReportsRequest())).Reports).Summary);
    }

    [Fact]
    public async Task A_published_report_stays_as_it_is_whatever_happens_to_the_findings()
    {
        var (site, findings, analyst, member) = await StartAsync();
        var id = await findings.FindingAsync("zap:1", Severity.High);
        await findings.OccurrenceAsync(id, "GET https://shop.example.fr/");
        var draft = await analyst.ComposeAsync(site);
        var published = await analyst.PublishAsync(draft);
        var first = await member.ReadAsync(published);

        await _given.RunAsync("update findings set severity = 1, title = 'other' where finding_id = $1", id);
        await _given.RunAsync("update sites set display_name = 'Renamed' where site_id = $1", site);
        await findings.OccurrenceAsync(id, "GET https://shop.example.fr/new");
        var (json, type, name) = await member.ExportAsync(published, V1.ExportFormat.Json);

        Assert.Equal(first, await member.ReadAsync(published));
        Assert.Equal(published, first[0].Header.Report);
        Assert.Equal(published.Digest.ToByteArray(), SHA256.HashData(json));
        Assert.Equal("application/json", type);
        Assert.Equal($"kalisecu-report-{draft.ReportId}-v1.json", name);
        using var document = JsonDocument.Parse(json);
        Assert.Equal("high", document.RootElement.GetProperty("findings")[0].GetProperty("severity").GetString());
        await Refused.WithAsync(ErrorReason.ReportPublished, () => analyst.PublishAsync(published));
        await Refused.WithAsync(ErrorReason.ReportPublished, () => analyst.DiscardAsync(published));
        await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() =>
            _given.RunAsync("update reports set title = 'other' where report_id = $1", Guid.Parse(draft.ReportId))
        );
        Assert.Contains(
            Convert.ToHexStringLower(published.Digest.Span),
            await _given.AskAsync<string>(
                "select facts::text from evidence_entries where kind = 'report.published' and subject_id = $1",
                Guid.Parse(draft.ReportId)
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Reports_published_at_the_same_time_are_numbered_without_gap()
    {
        var (site, _, analyst, _) = await StartAsync();
        var drafts = new List<V1.Report>();
        for (var i = 0; i < 6; i++)
        {
            drafts.Add(await analyst.ComposeAsync(site));
        }

        await analyst.DiscardAsync(drafts[0]);
        var published = await Task.WhenAll(drafts.Skip(1).Select(d => analyst.PublishAsync(d)));

        Assert.Equal(new uint[] { 1, 2, 3, 4, 5 }, published.Select(r => r.Version).Order());
    }

    [Fact]
    public async Task A_discarded_report_is_read_no_more()
    {
        var (site, _, analyst, _) = await StartAsync();
        var draft = await analyst.ComposeAsync(site);

        await analyst.DiscardAsync(draft);

        await Refused.WithAsync(ErrorReason.ReportDiscarded, () => analyst.ReadAsync(draft));
        await Refused.WithAsync(ErrorReason.ReportDiscarded, () => analyst.PublishAsync(draft));
        Assert.Empty((await analyst.ListAsync(new V1.ListReportsRequest())).Reports);
    }

    [Fact]
    public async Task A_draft_that_changed_since_it_was_read_is_not_published()
    {
        var (site, _, analyst, _) = await StartAsync();
        var draft = await analyst.ComposeAsync(site);

        await Refused.WithAsync(ErrorReason.ChangedSinceRead, () => analyst.PublishAsync(draft, "1"));
    }

    [Fact]
    public async Task Reports_are_listed_newest_first_page_by_page()
    {
        var (site, _, analyst, _) = await StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (await analyst.ComposeAsync(site)).ReportId);
            server.Clock.AdvanceSeconds(1);
        }

        var request = new V1.ListReportsRequest { SiteId = site.ToString("D"), PageSize = 2 };
        var first = await analyst.ListAsync(request);
        request.PageToken = first.NextPageToken;
        var second = await analyst.ListAsync(request);

        Assert.Equal(ids, first.Reports.Concat(second.Reports).Select(r => r.ReportId));
        Assert.Empty(second.NextPageToken);
    }

    [Fact]
    public async Task Nothing_is_composed_or_published_for_a_closed_tenant()
    {
        var (site, _, analyst, _) = await StartAsync();
        var draft = await analyst.ComposeAsync(site);
        await _given.RunAsync(
            "update tenants set state = 'Closed', close_time = $2 where tenant_id = (select tenant_id from sites where site_id = $1)",
            site,
            Now
        );

        await Refused.WithAsync(ErrorReason.TenantClosed, () => analyst.ComposeAsync(site));
        await Refused.WithAsync(ErrorReason.TenantClosed, () => analyst.PublishAsync(draft));
    }

    [Fact]
    public async Task Another_tenants_site_and_report_are_not_there()
    {
        var (site, _, analyst, _) = await StartAsync();
        var (_, _, other, _) = await StartAsync();
        var draft = await analyst.ComposeAsync(site);

        await Refused.WithAsync(ErrorReason.NotFound, () => other.ComposeAsync(site));
        await Refused.WithAsync(ErrorReason.NotFound, () => other.ReadAsync(draft));
        await Refused.WithAsync(ErrorReason.NotFound, () => other.PublishAsync(draft));
    }

    private static string Name(V1.ReportEntry entry) =>
        entry.EntryCase switch
        {
            V1.ReportEntry.EntryOneofCase.Header => "header",
            V1.ReportEntry.EntryOneofCase.Finding => entry.Finding.Check,
            V1.ReportEntry.EntryOneofCase.Occurrence => entry.Occurrence.Place,
            V1.ReportEntry.EntryOneofCase.Observation => entry.Observation.Kind,
            _ => "",
        };

    private async Task<(Guid Site, GivenFindings Findings, ReportClient Analyst, ReportClient Member)> StartAsync()
    {
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        return (
            site,
            new GivenFindings(server, tenant, site),
            new ReportClient(server, await _given.SignedInAsync(Role.StaffAnalyst, tenant)),
            new ReportClient(server, await _given.SignedInAsync(Role.MemberReader, tenant))
        );
    }
}
