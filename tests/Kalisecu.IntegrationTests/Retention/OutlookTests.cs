using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.IntegrationTests.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Retention.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using ClauseState = Kalisecu.Compliance.V1.ClauseState;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>What previews say of rows that no server sees in all tenants: the sweep has counted them.</summary>
public sealed class OutlookTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Hidden = ["consent-events", "consent-states", "repeats"];

    private readonly RetentionService.RetentionServiceClient _client = new(
        server.Channel(SpiffeKind.Frontend, "dashboard")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => server.Clock.GetCurrentInstant();

    [Fact]
    public async Task What_only_the_worker_may_count_is_in_the_preview_once_it_has_swept()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var (tenant, other) = (await server.Given.TenantAsync(), await server.Given.TenantAsync());
        await using var swept = new SweptDatabase(server.Database, Now);
        // The preview says what it cannot know, and nothing of it.
        var before = await PreviewAsync(staff, 40);
        Assert.Equal(Hidden, before.UncountedRules);
        Assert.DoesNotContain(before.Outlooks, o => Hidden.Contains(o.Rule, StringComparer.Ordinal));

        await ReceiptsAsync(tenant, 3);
        await ReceiptsAsync(other, 2);
        await ForgottenAsync(tenant, Now - Duration.FromDays((5 * 365) + 1 - 20));
        await ForgottenAsync(other, Now - Duration.FromDays(100));
        await swept.SweepAsync();
        var tomorrow = await PreviewAsync(staff, 1);
        var later = await PreviewAsync(staff, 40);

        Assert.Empty(later.UncountedRules);
        // A change of today can be repeated all of tomorrow.
        Assert.DoesNotContain(tomorrow.Outlooks, o => o.Rule is "repeats");
        var repeats = later.Outlooks.Single(o => o.Rule is "repeats");
        Assert.Equal(await server.Given.AskAsync<long>("select count(*) from request_receipts"), repeats.Count);
        Assert.Equal(Moment.Stored(Now), Instant.FromDateTimeOffset(repeats.CountTime.ToDateTimeOffset()));
        Assert.Equal(1, later.Outlooks.Single(o => o.Rule is "consent-events").Count);
        Assert.Equal(1, later.Outlooks.Single(o => o.Rule is "consent-states").Count);

        // What is held does not go.
        await swept.HoldAsync(tenant);
        server.Clock.Advance(Duration.FromMinutes(1));
        swept.Clock.Advance(Duration.FromMinutes(1));
        await swept.SweepAsync();
        var held = await PreviewAsync(staff, 40);

        Assert.Equal(repeats.Count - 3, held.Outlooks.Single(o => o.Rule is "repeats").Count);
        Assert.DoesNotContain(held.Outlooks, o => o.Rule is "consent-events" or "consent-states");
    }

    [Fact]
    public async Task RET_5_Rows_that_the_sweep_counted_as_late_break_it()
    {
        var posture = new ComplianceDesk(server);
        await server.Given.RunAsync(
            """
            insert into retention_outlooks (rule, count_time, due_counts) values ('repeats', $1, '{7,9}')
            on conflict (rule) do update set count_time = excluded.count_time, due_counts = excluded.due_counts
            """,
            Now
        );

        var broken = await posture.CheckAsync("RET-5", "past-their-date");
        await server.Given.RunAsync("delete from retention_outlooks");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(7, broken.Figures["past_their_date"]);
        Assert.Contains("repeats", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await posture.CheckAsync("RET-5", "past-their-date")).State);
    }

    private async Task<PreviewRetentionResponse> PreviewAsync(Metadata staff, int days) =>
        await _client.PreviewRetentionAsync(
            new PreviewRetentionRequest { Days = days },
            staff,
            cancellationToken: Cancel
        );

    private Task<int> ReceiptsAsync(Guid tenant, int count) =>
        server.Given.RunAsync(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            select $1, gen_random_uuid(), sha256(''), $3 from generate_series(1, $2)
            """,
            tenant,
            count,
            Now
        );

    /// <summary>Somebody who was forgotten, and the proof of what this person had said.</summary>
    private Task<int> ForgottenAsync(Guid tenant, Instant forgotten) =>
        server.Given.RunAsync(
            """
            with p as (insert into persons (tenant_id, person_id, kind, language, create_time, erase_time)
                values ($1, $2, 'Contact', 'Fr', $3, $3)),
            e as (insert into consent_events (tenant_id, event_id, person_id, purpose, number, kind, text_version, text_digest,
                    language, channel, event_time, record_time, actor, digest)
                select $1, $2, $2, v.purpose, 1, 'Given', 1, v.digest_fr, 'Fr', 'Paper', $3, $3, 'staff:test', v.digest_fr
                from purpose_versions v where v.version = 1 order by v.purpose limit 1
                returning purpose)
            insert into consent_states (tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time)
            select $1, $2, purpose, $2, 1, 'Given', 1, $3 from e
            """,
            tenant,
            Ids.New(Now),
            forgotten
        );
}
