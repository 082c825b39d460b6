using System.Diagnostics;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>
/// The retention worker as a process of its own, killed (SIGKILL) in the middle of each store's step: all before it have
/// acknowledged, it has deleted and not committed.
/// </summary>
public sealed class ErasureSurvivesKillsTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    // As many as the worker has in hand at once.
    private const int AtOnce = 4;
    private const string Job = "execute-erasures";
    private const string Sleepers =
        "select count(*) from pg_stat_activity where usename = 'kalisecu_retention' and wait_event = 'PgSleep'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_worker_killed_in_any_step_leaves_an_erasure_that_ends_like_an_undisturbed_one()
    {
        var stores = server.Services.GetRequiredService<PersonStores>().All.Select(s => s.Name).ToList();
        await HoldStepsAsync();
        var undisturbed = await ApprovedAsync();
        var disturbed = new List<(Guid Erasure, string Store, RightsDesk Desk)>();
        foreach (var store in stores)
        {
            var (erasure, desk) = await ApprovedAsync();
            disturbed.Add((erasure, store, desk));
        }

        foreach (var some in disturbed.Chunk(AtOnce))
        {
            foreach (var (erasure, store, _) in some)
            {
                await server.Given.RunAsync("insert into test_kills values ($1, $2)", erasure, store);
                await server.Given.RunAsync(
                    "update erasures set next_time = '2020-01-01' where erasure_id = $1",
                    erasure
                );
            }

            await KillInTheMiddleAsync(some.Length);
            await server.Given.RunAsync("delete from test_kills");
            await server.Given.RunAsync(
                "update erasures set next_time = 'infinity', claim_expire_time = '2020-01-01' where state = 'Running'"
            );
        }

        await server.Given.RunAsync(
            "update erasures set next_time = '2020-01-01' where state in ('Approved', 'Running')"
        );
        Assert.Equal(disturbed.Count + 1, await undisturbed.Desk.WorkAsync());
        var expected = await EndAsync(undisturbed.Erasure);
        Assert.StartsWith("Completed", expected, StringComparison.Ordinal);
        foreach (var (erasure, store, _) in disturbed)
        {
            Assert.Equal((store, expected), (store, await EndAsync(erasure)));
        }
    }

    private async Task<(Guid Erasure, RightsDesk Desk)> ApprovedAsync()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Erasure);
        var erasure = Guid.Parse(await desk.ApprovedErasureAsync());
        await server.Given.RunAsync("update erasures set next_time = 'infinity' where erasure_id = $1", erasure);
        return (erasure, desk);
    }

    /// <summary>A step that the test named sleeps before its commit.</summary>
    private async Task HoldStepsAsync()
    {
        await server.Given.RunAsync("create table test_kills (erasure_id uuid, store text)");
        await server.Given.RunAsync("grant select on test_kills to kalisecu_retention");
        await server.Given.RunAsync(
            """
            create function test_holds() returns trigger language plpgsql as $$
            begin
                if exists (select from test_kills k where k.erasure_id = new.erasure_id and k.store = new.store) then
                    perform pg_sleep(600);
                end if;
                return new;
            end $$
            """
        );
        await server.Given.RunAsync(
            """
            create trigger test_holds before update on erasure_steps for each row when (new.complete_time is not null)
                execute function test_holds()
            """
        );
    }

    private async Task KillInTheMiddleAsync(int count)
    {
        var settings = TestWorkerSettings.Make(_folder, Worker.Retention, server.Database);
        settings.Keys = server.Settings.Keys;
        settings.Objects = server.Settings.Objects;
        settings.Erasures = server.Settings.Erasures;
        var program = OurPrograms.Worker(
            "Kalisecu.RetentionWorker",
            TestWorkerSettings.Write(_folder, Worker.Retention, settings)
        );
        using var worker = Process.Start(new ProcessStartInfo(program[0], program.Skip(1)))!;
        try
        {
            await WaitAsync(() => server.Given.AskAsync<bool>($"select exists (select from jobs where job = '{Job}')"));
            await server.Given.RunAsync(
                $"""
                insert into job_runs (run_id, job, worker, cause, actor, state, create_time)
                values (gen_random_uuid(), '{Job}', '{DatabaseRoles.Retention}', 'Request', 'staff:test', 'Requested', now());
                """
            );
            await server.Given.RunAsync($"select pg_notify('{JobRequests.Channel}', '{Job}')");
            await WaitAsync(async () => await server.Given.AskAsync<long>(Sleepers) == count);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(Cancel);
        }

        // A database notices only when it next writes to a client that it is gone.
        await server.Given.RunAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'kalisecu_retention' and wait_event = 'PgSleep'"
        );
        await WaitAsync(async () => await server.Given.AskAsync<long>(Sleepers) == 0);
    }

    /// <summary>What an erasure has come to: its receipts, its evidence and its letter.</summary>
    private Task<string> EndAsync(Guid erasure) =>
        server.Given.AskAsync<string>(
            """
            select e.state || ' ' || string_agg(s.store || ':' || s.erased_count || '/' || jsonb_array_length(s.kept), ' '
                order by s.position)
                || ' ' || (select count(*) from evidence_entries v where v.subject_id = e.erasure_id
                    and v.kind = 'erasure.acknowledged')
                || ' ' || (select count(*) from evidence_entries v where v.subject_id = e.erasure_id
                    and v.kind = 'erasure.completed')
                || ' ' || (select count(*) from letters l where l.cause_id = e.privacy_request_id
                    and l.kind = 'privacy_request.erasure_certificate')
                || ' ' || (select count(*) from members m where m.member_id = e.person_id)
                || ' ' || (select count(*) from persons p where p.person_id = e.person_id and p.erase_time is not null)
            from erasures e join erasure_steps s using (tenant_id, erasure_id) where e.erasure_id = $1
            group by e.tenant_id, e.erasure_id
            """,
            erasure
        );

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
