using System.Diagnostics;
using System.Security.Cryptography;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Evidence;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Retention;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>
/// The retention worker as a process of its own, stopped in the middle of a batch: it has deleted, certified, and not committed.
/// </summary>
public sealed class SweepSurvivesKillsTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private const string Sleepers =
        "select count(*) from pg_stat_activity where usename = 'kalisecu_retention' and wait_event = 'PgSleep'";

    // What a batch takes with it: the digest is over the sorted identifiers.
    private const string BatchDigest = """
        select sha256(string_agg(uuid_send(id), ''::bytea order by id)) from test_receipts
        where n > ($1 - 1) * 20000 and n <= least($1 * 20000, $2)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_killed_sweep_left_the_next_one_ends_and_their_certificates_name_every_row_once()
    {
        await using var swept = new SweptDatabase(database, SystemClock.Instance.GetCurrentInstant());
        var begin = swept.Clock.GetCurrentInstant();
        var tenant = await swept.ClosedTenantAsync(begin);
        await GivenAsync(swept, tenant, 70_000);
        await HoldAtAsync(swept, 60_000);

        using (var killed = Start())
        {
            await WaitAsync(async () => await swept.AskAsync<long>(Sleepers) == 1);
            // Who watches the run sees how far it is.
            await WaitAsync(() =>
                swept.AskAsync<bool>(
                    "select exists (select from job_runs where progress_done = 40000 and progress_step = 'repeats')"
                )
            );
            killed.Kill();
            await killed.WaitForExitAsync(Cancel);
        }

        await LetGoAsync(swept);
        Assert.Equal(30_000L, await LeftAsync(swept));
        var first = await DigestAsync(swept, 1, 69_999);
        Assert.Equal($"40000 {first} open", await CertificatesAsync(swept, begin));

        // As if the worker came back after a while: until then nobody knows that the certificate is abandoned.
        await swept.RunAsync(
            "update retention_sweeps set update_time = update_time - interval '1 hour' where end_time is null"
        );
        await swept.HoldAsync(tenant, rule: "repeats", row: await IdAsync(swept, 70_000));
        using (var second = Start())
        {
            await second.WaitForExitAsync(Cancel);
            Assert.Equal(0, second.ExitCode);
        }

        Assert.Equal(1L, await LeftAsync(swept));
        Assert.Equal(
            $"40000 {first} ended, 29999 {await DigestAsync(swept, 3, 69_999)} ended",
            await CertificatesAsync(swept, begin)
        );
        Assert.Equal(
            69_999L,
            await swept.AskAsync<long>(
                """
                select sum((e.facts ->> 'rows')::bigint)::bigint
                from evidence_entries e join retention_sweeps s on s.sweep_id = e.subject_id and s.rule = e.facts ->> 'rule'
                where e.kind = 'retention.swept' and s.rule = 'repeats' and s.start_time >= $1
                """,
                begin
            )
        );
        Assert.Equal("Lost Succeeded", await RunsAsync(swept));
        Assert.Empty((await VerifyAsync()).Breaks);
        await ClearAsync(swept);
    }

    [Fact]
    public async Task A_sweep_that_is_cancelled_stops_in_its_batch_and_its_certificate_says_what_went()
    {
        await using var swept = new SweptDatabase(database, SystemClock.Instance.GetCurrentInstant());
        var begin = swept.Clock.GetCurrentInstant();
        await GivenAsync(swept, await swept.ClosedTenantAsync(begin), 45_000);
        await HoldAtAsync(swept, 40_000);

        using (var cancelled = Start())
        {
            await WaitAsync(async () => await swept.AskAsync<long>(Sleepers) == 1);
            // What CancelJobRun writes.
            await swept.RunAsync(
                "update job_runs set cancel_time = now(), cancel_actor = 'staff:test' where state = 'Running'"
            );
            await cancelled.WaitForExitAsync(Cancel);
        }

        await LetGoAsync(swept);
        Assert.Equal("Cancelled", await RunsAsync(swept));
        Assert.Equal(25_000L, await LeftAsync(swept));
        Assert.StartsWith("20000 ", await CertificatesAsync(swept, begin), StringComparison.Ordinal);
        await ClearAsync(swept);
    }

    private Process Start()
    {
        var settings = TestWorkerSettings.Make(_folder, Worker.Retention, database);
        var program = OurPrograms.Worker(
            "Kalisecu.RetentionWorker",
            TestWorkerSettings.Write(_folder, Worker.Retention, settings)
        );
        return Process.Start(new ProcessStartInfo(program[0], [.. program.Skip(1), "--once", SweepJob.Name]))!;
    }

    /// <summary>Answers of changes, numbered from the oldest on, and one of today, whose day is not over.</summary>
    private static async Task GivenAsync(SweptDatabase swept, Guid tenant, int rows)
    {
        await swept.RunAsync("create table test_receipts (n integer, id uuid)");
        await swept.RunAsync(
            "insert into test_receipts select n, gen_random_uuid() from generate_series(1, $1) n",
            rows
        );
        await swept.RunAsync(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            select $1, id, sha256(''), now() - interval '10 days' + n * interval '1 millisecond' from test_receipts
            union all select $1, gen_random_uuid(), sha256(''), now()
            """,
            tenant
        );
    }

    /// <summary>The batch that brings the certificate to so many rows sleeps before its commit.</summary>
    private static async Task HoldAtAsync(SweptDatabase swept, int rows)
    {
        await swept.RunAsync(
            """
            create function test_holds() returns trigger language plpgsql as $$
            begin
                perform pg_sleep(600);
                return new;
            end $$
            """
        );
        await swept.RunAsync(
            $"""
            create trigger test_holds before update on retention_sweeps for each row
                when (new.rule = 'repeats' and new.row_count >= {rows}) execute function test_holds()
            """
        );
    }

    private static async Task LetGoAsync(SweptDatabase swept)
    {
        // A database notices only when it next writes to a client that it is gone.
        await swept.RunAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'kalisecu_retention' and wait_event = 'PgSleep'"
        );
        await WaitAsync(async () => await swept.AskAsync<long>(Sleepers) == 0);
        await swept.RunAsync("drop function test_holds cascade");
    }

    private static Task<long> LeftAsync(SweptDatabase swept) =>
        swept.AskAsync<long>(
            "select count(*) from request_receipts r where r.request_id in (select id from test_receipts)"
        );

    private static Task<string> IdAsync(SweptDatabase swept, int number) =>
        swept.AskAsync<string>("select id::text from test_receipts where n = $1", number);

    /// <summary>Of two batches, one after the other, over rows up to a number.</summary>
    private static async Task<string> DigestAsync(SweptDatabase swept, int first, int last)
    {
        var one = await swept.AskAsync<byte[]>(BatchDigest, first, last);
        var other = await swept.AskAsync<byte[]>(BatchDigest, first + 1, last);
        return Convert.ToHexStringLower(SHA256.HashData([.. one, .. other]));
    }

    private static Task<string> CertificatesAsync(SweptDatabase swept, Instant begin) =>
        swept.AskAsync<string>(
            """
            select string_agg(row_count || ' ' || encode(digest, 'hex')
                || case when end_time is null then ' open' else ' ended' end, ', ' order by start_time)
            from retention_sweeps where rule = 'repeats' and start_time >= $1
            """,
            begin
        );

    private static Task<string> RunsAsync(SweptDatabase swept) =>
        swept.AskAsync<string>("select string_agg(state, ' ' order by create_time) from job_runs");

    private async Task<EvidenceFindings> VerifyAsync()
    {
        var services = new ServiceCollection();
        services.AddKalisecuDatabase(database.Superuser);
        services.AddSingleton<EvidenceVerification>();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<EvidenceVerification>().RunAsync(Cancel);
    }

    private static async Task ClearAsync(SweptDatabase swept)
    {
        Assert.True(
            await swept.AskAsync<bool>(
                "select exists (select from request_receipts r where r.request_id not in (select id from test_receipts))"
            )
        );
        await swept.RunAsync("drop table test_receipts");
        await swept.RunAsync("delete from request_receipts");
        await swept.RunAsync("delete from job_runs");
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < Patience, "Not so after a long time");
            await Task.Delay(50, Cancel);
        }
    }
}
