using Kalisecu.Errors.V1;
using Kalisecu.Keys;
using Kalisecu.Retention;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>What sweeps delete, what they leave alone, and what they prove of it.</summary>
public sealed class SweepTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Instant Now = Instant.FromUtc(2027, 3, 15, 9, 0);

    [Fact]
    public async Task Rows_past_their_period_go_and_all_others_stay()
    {
        await using var swept = new SweptDatabase(database, Now);
        var tenant = await swept.ClosedTenantAsync(Now);
        var old = await swept.SessionAsync(tenant, Now - Duration.FromDays(370));
        var young = await swept.SessionAsync(tenant, Now - Duration.FromDays(300));

        await swept.SweepAsync();

        Assert.False(await ExistsAsync(swept, old));
        Assert.True(await ExistsAsync(swept, young));
        var certificate = await swept.AskAsync<string>(
            """
            select clause || ' ' || period || ' ' || row_count || ' ' || (end_time is not null)
            from retention_sweeps where rule = 'sessions' and digest = sha256(uuid_send($1))
            """,
            old
        );
        Assert.Equal("RET-5 ret-5/1 1 true", certificate);
        var evidence = await swept.AskAsync<long>(
            """
            select count(*) from evidence_entries e join retention_sweeps s on s.sweep_id = e.subject_id
            where e.kind = 'retention.swept' and s.rule = 'sessions' and e.facts ->> 'rule' = 'sessions'
                and e.facts ->> 'digest' = encode(s.digest, 'hex')
            """
        );
        Assert.True(evidence >= 1);
    }

    [Fact]
    public async Task What_is_held_or_restricted_stays_until_it_no_longer_is()
    {
        await using var swept = new SweptDatabase(database, Now);
        var tenant = await swept.ClosedTenantAsync(Now);
        var person = swept.NewId();
        var long_ago = Now - Duration.FromDays(800);
        var ofPerson = await swept.SessionAsync(tenant, long_ago, person);
        var ofRow = await swept.SessionAsync(tenant, long_ago);
        var restricted = await swept.SessionAsync(tenant, long_ago);
        var free = await swept.SessionAsync(tenant, long_ago);
        await swept.HoldAsync(tenant, person);
        await swept.HoldAsync(tenant, rule: "sessions", row: ofRow.ToString("D"));
        await swept.RunAsync("update sessions set restrict_time = now() where session_id = $1", restricted);

        await swept.SweepAsync();

        Assert.False(await ExistsAsync(swept, free));
        Assert.True(await ExistsAsync(swept, ofPerson));
        Assert.True(await ExistsAsync(swept, ofRow));
        Assert.True(await ExistsAsync(swept, restricted));

        await swept.RunAsync(
            "update legal_holds set release_time = place_time, release_actor = 'staff:test' where held_tenant_id = $1",
            tenant
        );
        await swept.RunAsync("update sessions set restrict_time = null where session_id = $1", restricted);
        await swept.SweepAsync();

        Assert.False(await ExistsAsync(swept, ofPerson));
        Assert.False(await ExistsAsync(swept, ofRow));
        Assert.False(await ExistsAsync(swept, restricted));
    }

    [Fact]
    public async Task A_client_whose_time_is_over_loses_its_rows_its_objects_and_its_key()
    {
        await using var swept = new SweptDatabase(database, Now);
        var ended = await swept.FullTenantAsync(Now - Duration.FromDays(380));
        var recent = await swept.FullTenantAsync(Now - Duration.FromDays(300));

        var run = await swept.SweepAsync();

        Assert.Equal(1, run.Counts["tenants"]);
        Assert.Equal(0, await RowsAsync(swept, ended));
        Assert.Equal(6, await RowsAsync(swept, recent));
        Assert.Equal(
            "1",
            await swept.AskAsync<string>(
                "select count(*)::text from persons where tenant_id = $1 and erase_time is not null",
                ended
            )
        );
        Assert.False(Directory.Exists(Path.Combine(swept.ObjectsFolder, ended.ToString("D"))));
        Assert.True(Directory.Exists(Path.Combine(swept.ObjectsFolder, recent.ToString("D"))));
        var refusal = Assert.Throws<Kalisecu.Errors.Refusal>(() => swept.Keys.For(ended));
        Assert.Equal(ErrorReason.KeyDestroyed, refusal.Reason);
        Assert.NotNull(swept.Keys.For(recent));
        Assert.True(
            await swept.AskAsync<bool>("select forget_time is not null from tenants where tenant_id = $1", ended)
        );
        Assert.Equal(
            1L,
            await swept.AskAsync<long>(
                "select count(*) from evidence_entries where tenant_id = $1 and kind = 'tenant.forgotten'",
                ended
            )
        );

        // A repeat finds nothing left to do.
        var again = await swept.SweepAsync();
        Assert.False(again.Counts.ContainsKey("tenants"));
    }

    [Fact]
    public async Task Nothing_of_a_client_under_hold_goes()
    {
        await using var swept = new SweptDatabase(database, Now);
        var tenant = await swept.FullTenantAsync(Now - Duration.FromDays(380));
        await swept.HoldAsync(tenant);

        await swept.SweepAsync();

        Assert.Equal(6, await RowsAsync(swept, tenant));
        Assert.NotNull(swept.Keys.For(tenant));
    }

    [Fact]
    public async Task A_prospect_is_forgotten_three_years_after_the_last_contact()
    {
        await using var swept = new SweptDatabase(database, Now);
        var old = await swept.ProspectAsync(Now - Duration.FromDays(1100));
        var young = await swept.ProspectAsync(Now - Duration.FromDays(1000));

        await swept.SweepAsync();

        const string left = "select erase_time is not null and email is null from persons where person_id = $1";
        Assert.True(await swept.AskAsync<bool>(left, old));
        Assert.False(await swept.AskAsync<bool>(left, young));
    }

    [Fact]
    public async Task Two_workers_that_sweep_at_once_delete_everything_once()
    {
        await using var swept = new SweptDatabase(database, Now);
        var tenant = await swept.ClosedTenantAsync(Now);
        await swept.RunAsync(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            select $1, gen_random_uuid(), sha256(n::text::bytea), $2 from generate_series(1, 25000) n
            """,
            tenant,
            Now - Duration.FromDays(5)
        );
        await using var second = swept.Worker();

        var runs = await Task.WhenAll(swept.SweepAsync(), swept.SweepAsync(second));

        Assert.Equal(
            0L,
            await swept.AskAsync<long>("select count(*) from request_receipts where tenant_id = $1", tenant)
        );
        Assert.Equal(
            25000m,
            await swept.AskAsync<decimal>("select sum(row_count) from retention_sweeps where rule = 'repeats'")
        );
        Assert.True(runs.Sum(r => r.Counts.GetValueOrDefault("rows")) >= 25000);
    }

    [Fact]
    public async Task The_certificate_of_a_sweep_that_died_is_ended_by_the_next()
    {
        await using var swept = new SweptDatabase(database, Now);
        var sweepId = swept.NewId();
        var rule = Kalisecu.Persistence.KeepingRules.OfPlatform().Find("sessions")!;
        await swept.SessionAsync(await swept.ClosedTenantAsync(Now), Now - Duration.FromDays(500));
        // It swept, and died before the end.
        await swept.Get<SweepRows>().RunAsync(sweepId, rule, _ => { }, SweptDatabase.Cancel);
        Assert.True(
            await swept.AskAsync<bool>("select end_time is null from retention_sweeps where sweep_id = $1", sweepId)
        );

        swept.Clock.Advance(Duration.FromHours(1));
        await swept.SweepAsync();

        Assert.True(
            await swept.AskAsync<bool>("select end_time is not null from retention_sweeps where sweep_id = $1", sweepId)
        );
        Assert.Equal(
            1L,
            await swept.AskAsync<long>("select count(*) from evidence_entries where subject_id = $1", sweepId)
        );
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            swept.RunAsync("update retention_sweeps set row_count = row_count + 1 where sweep_id = $1", sweepId)
        );
    }

    private static Task<bool> ExistsAsync(SweptDatabase swept, Guid session) =>
        swept.AskAsync<bool>("select exists (select from sessions where session_id = $1)", session);

    private static async Task<int> RowsAsync(SweptDatabase swept, Guid tenant)
    {
        var rows = 0L;
        foreach (var table in (string[])["sites", "members", "findings", "finding_events", "occurrences", "reports"])
        {
            rows += await swept.AskAsync<long>($"select count(*) from {table} where tenant_id = $1", tenant);
        }

        return (int)rows;
    }
}
