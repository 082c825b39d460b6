using Kalisecu.IntegrationTests.Deliveries;
using Kalisecu.Jobs;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Jobs;

public sealed class JobAlarmTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_late_or_failed_job_is_told_to_everybody_once_an_occasion()
    {
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.PickupFolder = outbox.Folder["mail"];
        outbox.Settings.Alarms.Recipients = ["ada@kalisecu.test", "jeanne@kalisecu.test"];
        await outbox.AskAsync<string>(
            """
            insert into jobs values ('sweep', 'kalisecu_retention', 'Sweeps.', '0 0 * * * ?', 'every hour', '2 hours',
                now() - interval '1 day', now() - interval '5 hours') returning job
            """
        );

        Assert.Equal(JobRunState.Succeeded, await outbox.RunAsync("alarm-about-jobs"));
        Assert.Equal(JobRunState.Succeeded, await outbox.RunAsync("alarm-about-jobs"));
        Assert.Equal(2, await outbox.CountAsync("Queued"));

        await FailAsync(outbox);
        await outbox.RunAsync("alarm-about-jobs");
        await FailAsync(outbox);
        await outbox.RunAsync("alarm-about-jobs");

        Assert.Equal(4, await outbox.CountAsync("Queued"));
    }

    private static Task<Guid> FailAsync(AnOutbox outbox) =>
        outbox.AskAsync<Guid>(
            """
            insert into job_runs (run_id, job, worker, cause, actor, state, create_time, start_time, end_time, problem)
            values (gen_random_uuid(), 'sweep', 'kalisecu_retention', 'Schedule', 'schedule', 'Failed', clock_timestamp(),
                now(), now(), 'The disk is full.') returning run_id
            """
        );
}
