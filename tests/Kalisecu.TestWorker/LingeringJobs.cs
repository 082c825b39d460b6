using System.Globalization;
using Kalisecu.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.TestWorker;

/// <summary>
/// Real jobs that end a moment later than they have worked: a kill finds them at the worst of all moments, when the work is
/// done and nobody knows it yet.
/// </summary>
internal static class LingeringJobs
{
    public static WorkerJobs Of(WorkerJobs module) =>
        new(
            services =>
            {
                module.Register(services);
                foreach (var job in module.Jobs)
                {
                    services.AddTransient(job.Type);
                }
            },
            [.. module.Jobs.Select(j => j with { Type = typeof(LingeringJob<>).MakeGenericType(j.Type) })]
        );
}

internal sealed class LingeringJob<TJob>(TJob job) : IWorkerJob
    where TJob : class, IWorkerJob
{
    private static readonly int Milliseconds = int.Parse(
        Environment.GetEnvironmentVariable(TestJobs.Milliseconds) ?? "0",
        CultureInfo.InvariantCulture
    );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var outcome = await job.RunAsync(run, cancellationToken);
        await Task.Delay(Milliseconds, cancellationToken);
        return outcome;
    }
}
