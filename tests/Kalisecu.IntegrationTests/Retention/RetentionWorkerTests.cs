using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Retention;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>The worker's jobs as its process runs them, in its own role.</summary>
public sealed class RetentionWorkerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_job_of_the_worker_runs_and_a_hold_past_its_review_is_told_once()
    {
        using var folder = new TestFolder();
        var settings = TestWorkerSettings.Make(folder, Worker.Retention, database);
        using var host = WorkerHost.Build(settings, Worker.Retention, [RetentionModule.Jobs]);
        var runner = host.Services.GetRequiredService<JobRunner>();
        await AskAsync<int>(
            """
            with h as (insert into legal_holds (hold_id, held_tenant_id, owner_id, article, reference, review_date, place_time,
                    place_actor)
                values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'GDPR art. 17(3)(e)', 'RG 20/0001',
                    date '2020-01-01', now(), 'staff:test') returning 1)
            select count(*)::int from h
            """
        );

        foreach (var job in RetentionModule.Jobs.Jobs.Concat(RetentionModule.Jobs.Jobs))
        {
            var (held, state) = await runner.TryRunAsync(
                new JobStart(job.Definition.Name, JobCause.Once, "operator"),
                Cancel
            );

            Assert.True(held);
            Assert.Equal((job.Definition.Name, JobRunState.Succeeded), (job.Definition.Name, state));
        }

        Assert.Equal(1L, await AskAsync<long>("select count(*) from letters where kind = 'hold.review_late'"));
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = database.SuperuserSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
