using Kalisecu.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using Quartz;

namespace Kalisecu.Jobs;

/// <summary>Puts the jobs of this process into the common schedule when it starts, and takes out those that no longer are.</summary>
internal sealed class JobScheduling(
    ISchedulerFactory factory,
    JobList jobs,
    JobHost host,
    NpgsqlDataSource source,
    TimeProvider time,
    IClock clock,
    ILogger<JobScheduling> log
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RegisterAsync(cancellationToken);
        var scheduler = await factory.GetScheduler(cancellationToken);
        foreach (var job in jobs.All)
        {
            await ScheduleAsync(scheduler, job.Definition, cancellationToken);
        }

        foreach (var key in await scheduler.GetJobKeys(GroupMatcher<JobKey>.AnyGroup(), cancellationToken))
        {
            if (jobs.Find(key.Name) is null)
            {
                await scheduler.DeleteJob(key, cancellationToken);
            }
        }

        JobLog.Serving(log, jobs.All.Count, host.Name, jobs.Worker.Name);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The trigger of a run that somebody asked for: named like the run, so that it is stored once.</summary>
    public static ITrigger RequestTrigger(TimeProvider time, string job, Guid runId) =>
        TriggerBuilder
            .Create(time)
            .WithIdentity(runId.ToString("D"), "requests")
            .ForJob(job)
            .UsingJobData(QuartzJob.RunId, runId.ToString("D"))
            .StartNow()
            .Build();

    private async Task ScheduleAsync(
        IScheduler scheduler,
        JobDefinition definition,
        CancellationToken cancellationToken
    )
    {
        var job = JobBuilder.Create<QuartzJob>().WithIdentity(definition.Name).RequestRecovery().StoreDurably().Build();
        await scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken);
        var key = new TriggerKey(definition.Name);
        var present = await scheduler.GetTrigger(key, cancellationToken) as ICronTrigger;
        // A trigger that stays knows what it missed; a new one would not.
        if (string.Equals(present?.CronExpressionString, definition.Schedule.Cron, StringComparison.Ordinal))
        {
            return;
        }

        var trigger = TriggerBuilder
            .Create(time)
            .WithIdentity(key)
            .ForJob(job)
            .StartAt(Earliest(present?.NextFireTimeUtc))
            .WithCronSchedule(definition.Schedule.Cron, cron => cron.InTimeZone(Schedule.Zone))
            .Build();
        await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken);
    }

    private DateTimeOffset Earliest(DateTimeOffset? missed)
    {
        var now = time.GetUtcNow();
        return missed < now ? missed.Value : now;
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var now = Moment.Stored(clock.GetCurrentInstant());
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var definition in jobs.All.Select(j => j.Definition))
        {
            var register = new NpgsqlBatchCommand(JobSql.Register);
            object[] values =
            [
                definition.Name,
                jobs.Worker.Role,
                definition.Description,
                definition.Schedule.Cron,
                definition.Schedule.Words,
                definition.LateAfter,
                now,
                definition.Schedule.NextAfter(now),
            ];
            Array.ForEach(values, v => register.Parameters.Add(new NpgsqlParameter { Value = v }));
            batch.BatchCommands.Add(register);
        }

        var retire = new NpgsqlBatchCommand(JobSql.Retire);
        retire.Parameters.Add(new NpgsqlParameter { Value = jobs.Worker.Role });
        retire.Parameters.Add(new NpgsqlParameter { Value = jobs.All.Select(j => j.Definition.Name).ToArray() });
        retire.Parameters.Add(new NpgsqlParameter { Value = now });
        batch.BatchCommands.Add(retire);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
