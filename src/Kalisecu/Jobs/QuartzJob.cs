using System.Globalization;
using NodaTime;
using Quartz;

namespace Kalisecu.Jobs;

/// <summary>What Quartz starts: it finds out what the firing stands for, and runs that job.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob(JobRunner runner, JobList jobs) : IJob
{
    /// <summary>Names the run that was asked for, in the data of its trigger.</summary>
    public const string RunId = "run_id";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var job = jobs.Get(context.JobDetail.Key.Name).Definition;
        var start = context.MergedJobDataMap.TryGetValue(RunId, out var id)
            ? new JobStart(job.Name, JobCause.Request, "", RunId: Guid.ParseExact((string)id!, "D"))
            : new JobStart(
                job.Name,
                JobCause.Schedule,
                "schedule",
                job.Schedule.LastUntil(FireTime(context)),
                IsRecovery: context.Recovering
            );
        await runner.RunAsync(start, cancellationToken);
    }

    // What takes the place of a run whose process died has a trigger of its own, with the time of the first one's start: after
    // an outage that may be many times later than the one it was due at.
    private static Instant FireTime(IJobExecutionContext context) =>
        Instant.FromDateTimeOffset(
            context.Recovering
            && context.MergedJobDataMap.TryGetValue(
                SchedulerConstants.FailedJobOriginalTriggerScheduledFireTime,
                out var due
            )
                ? DateTimeOffset.Parse((string)due!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : context.ScheduledFireTimeUtc ?? context.FireTimeUtc
        );
}
