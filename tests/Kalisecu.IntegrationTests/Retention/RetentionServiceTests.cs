using System.IO.Compression;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.IntegrationTests.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Retention.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using ClauseState = Kalisecu.Compliance.V1.ClauseState;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>What staff and clients see of retention, and what they decide.</summary>
public sealed class RetentionServiceTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly RetentionService.RetentionServiceClient _client = new(
        server.Channel(SpiffeKind.Frontend, "dashboard")
    );

    private readonly LegalHoldService.LegalHoldServiceClient _holds = new(
        server.Channel(SpiffeKind.Frontend, "dashboard")
    );

    private readonly ComplianceDesk _posture = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => server.Clock.GetCurrentInstant();

    [Fact]
    public async Task Every_rule_is_listed_page_by_page()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await _client.ListRetentionRulesAsync(
                new ListRetentionRulesRequest { PageSize = 7, PageToken = token },
                staff,
                cancellationToken: Cancel
            );
            names.AddRange(page.Rules.Select(r => r.Name));
            token = page.NextPageToken;
        } while (token.Length > 0);

        Assert.Equal(Kalisecu.Persistence.KeepingRules.OfPlatform().All.Select(r => r.Name), names);
    }

    [Fact]
    public async Task A_client_sees_when_its_reports_go_and_staff_see_it_in_the_preview()
    {
        var tenant = await ClosedAsync(Now - Duration.FromDays(350));
        var member = await server.Given.SignedInAsync(Role.MemberReader, tenant);
        var staff = await server.Given.SignedInAsync(Role.StaffAdministrator);

        var own = await _client.GetClientRetentionAsync(
            new GetClientRetentionRequest(),
            member,
            cancellationToken: Cancel
        );
        var preview = await _client.PreviewRetentionAsync(
            new PreviewRetentionRequest { Days = 40 },
            staff,
            cancellationToken: Cancel
        );

        Assert.Equal(tenant.ToString("D"), own.Retention.TenantId);
        Assert.NotEqual("", own.Retention.DeleteDate);
        var listed = Assert.Single(
            preview.Clients,
            c => string.Equals(c.TenantId, own.Retention.TenantId, StringComparison.Ordinal)
        );
        Assert.Equal(own.Retention.DeleteDate, listed.DeleteDate);
        Assert.True(preview.Outlooks.Single(o => o.Rule is "clients").Count >= 1);
    }

    [Fact]
    public async Task A_hold_is_placed_reviewed_and_released_with_evidence()
    {
        var tenant = await server.Given.TenantAsync();
        var dpo = await server.Given.SignedInAsync(Role.StaffDpo);
        var review = Now.InUtc().Date.PlusMonths(6);

        var placed = await _holds.PlaceLegalHoldAsync(
            new PlaceLegalHoldRequest
            {
                HeldTenantId = tenant.ToString("D"),
                Article = "GDPR art. 17(3)(e)",
                Reference = "RG 26/0001",
                ReviewDate = Day(review),
            },
            dpo,
            cancellationToken: Cancel
        );
        var id = placed.Hold.HoldId;
        await _holds.ReviewLegalHoldAsync(
            new ReviewLegalHoldRequest { HoldId = id, ReviewDate = Day(review.PlusMonths(3)) },
            dpo,
            cancellationToken: Cancel
        );
        var inForce = await _holds.ListLegalHoldsAsync(new ListLegalHoldsRequest(), dpo, cancellationToken: Cancel);
        await _holds.ReleaseLegalHoldAsync(new ReleaseLegalHoldRequest { HoldId = id }, dpo, cancellationToken: Cancel);
        await Refused.WithAsync(
            ErrorReason.LegalHoldReleased,
            () =>
                _holds
                    .ReleaseLegalHoldAsync(new ReleaseLegalHoldRequest { HoldId = id }, dpo, cancellationToken: Cancel)
                    .ResponseAsync
        );

        Assert.Equal(
            Day(review.PlusMonths(3)),
            Assert.Single(inForce.Holds, h => string.Equals(h.HoldId, id, StringComparison.Ordinal)).ReviewDate
        );
        Assert.Equal(
            "hold.placed hold.reviewed hold.released",
            await server.Given.AskAsync<string>(
                "select string_agg(kind, ' ' order by sequence) from evidence_entries where subject_id = $1",
                Guid.Parse(id)
            )
        );
    }

    [Fact]
    public async Task A_hold_on_a_client_that_is_gone_is_refused()
    {
        var tenant = await ClosedAsync(Now - Duration.FromDays(500));
        await server.Given.RunAsync("update tenants set forget_time = $2 where tenant_id = $1", tenant, Now);
        var dpo = await server.Given.SignedInAsync(Role.StaffDpo);

        await Refused.WithAsync(
            ErrorReason.DataForgotten,
            () =>
                _holds
                    .PlaceLegalHoldAsync(
                        new PlaceLegalHoldRequest
                        {
                            HeldTenantId = tenant.ToString("D"),
                            Article = "GDPR art. 17(3)(e)",
                            Reference = "RG 26/0002",
                            ReviewDate = Day(Now.InUtc().Date.PlusMonths(1)),
                        },
                        dpo,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
    }

    [Fact]
    public async Task A_client_chooses_the_archive_once_and_can_download_it_before_the_move()
    {
        var tenant = await ClosedAsync(Now - Duration.FromDays(100));
        var owner = await server.Given.SignedInAsync(Role.MemberOwner, tenant);
        var site = await server.Given.SiteAsync(tenant);
        await server.Given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_time)
            values ($1, $2, $2, 'tls.old', 3, 'Open', 'Old TLS', '', '{}', '{}', $3)
            """,
            tenant,
            site,
            Now
        );

        var chosen = await _client.RequestArchiveAsync(new RequestArchiveRequest(), owner, cancellationToken: Cancel);
        await Refused.WithAsync(
            ErrorReason.ArchiveRequested,
            () =>
                _client.RequestArchiveAsync(new RequestArchiveRequest(), owner, cancellationToken: Cancel).ResponseAsync
        );
        await using var file = new MemoryStream();
        using var call = _client.DownloadArchive(new DownloadArchiveRequest(), owner, cancellationToken: Cancel);
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancel))
        {
            piece.Chunk.WriteTo(file);
        }

        Assert.Equal(ArchiveState.Requested, chosen.Archive.State);
        file.Position = 0;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        Assert.Contains("\"table\": \"findings\"", await lines.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_archive_is_refused_once_the_time_on_the_dashboard_is_over()
    {
        var tenant = await ClosedAsync(Now - Duration.FromDays(400));
        var owner = await server.Given.SignedInAsync(Role.MemberOwner, tenant);

        await Refused.WithAsync(
            ErrorReason.ArchiveTooLate,
            () =>
                _client.RequestArchiveAsync(new RequestArchiveRequest(), owner, cancellationToken: Cancel).ResponseAsync
        );

        // Leave nothing behind that breaks the posture of the other tests.
        await server.Given.RunAsync("update tenants set forget_time = $2 where tenant_id = $1", tenant, Now);
    }

    [Fact]
    public async Task RET_1_to_RET_5_A_row_past_its_date_breaks_its_clause()
    {
        var tenant = await server.Given.TenantAsync();
        await server.Given.SignedInAsync(Role.MemberReader, tenant);
        Assert.Equal(ClauseState.Holds, (await _posture.CheckAsync("RET-5", "past-their-date")).State);

        await server.Given.RunAsync(
            "update sessions set expire_time = $2, create_time = $2 where tenant_id = $1",
            tenant,
            Now - Duration.FromDays(400)
        );
        var broken = await _posture.CheckAsync("RET-5", "past-their-date");
        await server.Given.RunAsync("delete from sessions where tenant_id = $1", tenant);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["past_their_date"]);
        Assert.Contains("sessions", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _posture.CheckAsync("RET-5", "past-their-date")).State);
        Assert.Equal(ClauseState.Holds, (await _posture.CheckAsync("RET-1", "past-their-date")).State);
    }

    [Fact]
    public async Task RET_3_A_sweep_that_has_not_run_for_a_day_breaks_it()
    {
        Assert.Equal(ClauseState.Unproven, (await _posture.CheckAsync("RET-3", "sweeps")).State);
        await server.Given.RunAsync(
            """
            insert into jobs (job, worker, description, schedule, schedule_words, late_after, register_time, expected_time)
            values ('sweep-retention', 'kalisecu_retention', '', '0 7 * * * ?', 'hourly', interval '2 hours', $1, $1)
            """,
            Now - Duration.FromDays(10)
        );
        await server.Given.RunAsync(
            """
            insert into job_runs (run_id, job, worker, cause, actor, state, create_time, start_time, end_time)
            values (gen_random_uuid(), 'sweep-retention', 'kalisecu_retention', 'Schedule', 'schedule', 'Succeeded', $1, $1, $1)
            """,
            Now - Duration.FromHours(2)
        );
        Assert.Equal(ClauseState.Holds, (await _posture.CheckAsync("RET-3", "sweeps")).State);

        await server.Given.RunAsync("update job_runs set end_time = $1", Now - Duration.FromHours(30));
        var broken = await _posture.CheckAsync("RET-3", "sweeps");
        await server.Given.RunAsync("delete from job_runs");
        await server.Given.RunAsync("delete from jobs");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(30 * 60, broken.Figures["minutes_since_sweep"]);
    }

    [Fact]
    public async Task RET_2_A_hold_past_its_review_breaks_it()
    {
        await server.Given.RunAsync(
            """
            insert into legal_holds (hold_id, held_tenant_id, owner_id, article, reference, review_date, place_time, place_actor)
            values ($1, $1, $1, 'GDPR art. 17(3)(e)', 'RG 20/0001', date '2020-01-01', $2, 'staff:test')
            """,
            Ids.New(Now),
            Now
        );
        var broken = await _posture.CheckAsync("RET-2", "legal-holds");
        await server.Given.RunAsync(
            "update legal_holds set release_time = place_time, release_actor = 'x' where reference = 'RG 20/0001'"
        );

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["past_their_review"]);
        Assert.Equal(ClauseState.Holds, (await _posture.CheckAsync("RET-2", "legal-holds")).State);
    }

    private async Task<Guid> ClosedAsync(Instant closed)
    {
        var tenant = await server.Given.TenantAsync();
        await server.Given.RunAsync(
            "update tenants set state = 'Closed', close_time = $2, create_time = $2 where tenant_id = $1",
            tenant,
            closed
        );
        return tenant;
    }

    private static string Day(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
