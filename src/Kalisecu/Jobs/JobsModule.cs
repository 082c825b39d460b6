using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.Jobs;

internal static class JobsModule
{
    public static Capability Capability { get; } =
        new(
            [V1.JobService.Descriptor],
            services =>
            {
                services.AddSingleton<ControlJobs>();
                services.AddSingleton<JobService>();
            },
            routes => routes.MapGrpcService<JobService>()
        );

    /// <summary>Watches over the jobs of all workers.</summary>
    public static WorkerJobs Delivery { get; } =
        new(
            static _ => { },
            WorkerJob.Of<AlarmAboutJobs>(
                new JobDefinition(
                    "alarm-about-jobs",
                    "Writes to people when a job is late or failed.",
                    Schedule.EveryMinutes(5),
                    Duration.FromMinutes(15)
                )
            )
        );
}
