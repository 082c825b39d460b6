using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Kalisecu.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kalisecu.Hosting;

/// <summary>What every worker program does: keep the schedule until it is told to stop, or run one job once.</summary>
internal static class WorkerProgram
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Sysexits.h: EX_NOINPUT; no job of this name here.</summary>
    internal const int NoSuchJob = 66;

    /// <summary>Sysexits.h: EX_TEMPFAIL; another process runs the job just now.</summary>
    internal const int Busy = 75;

    private const int Interrupted = 130;

    public static async Task<int> RunAsync(
        string[] args,
        Worker worker,
        IReadOnlyList<WorkerJobs> modules,
        Action<IHostApplicationBuilder>? adjust = null
    )
    {
        switch (args)
        {
            case ["--settings", var file]:
                using (var host = WorkerHost.Build(SettingsFile.Read<WorkerSettings>(file), worker, modules, adjust))
                {
                    await host.RunAsync();
                    return Succeeded;
                }

            case ["--settings", var file, "--once", var job]:
                if (
                    !modules
                        .SelectMany(m => m.Jobs)
                        .Any(j => string.Equals(j.Definition.Name, job, StringComparison.Ordinal))
                )
                {
                    await Console.Error.WriteLineAsync($"{worker.Program} has no job {job}");
                    return NoSuchJob;
                }

                using (var host = WorkerHost.Build(SettingsFile.Read<WorkerSettings>(file), worker, modules, adjust))
                {
                    return await RunOnceAsync(host.Services, job);
                }

            default:
                await Console.Error.WriteLineAsync($"usage: {worker.Program} --settings FILE [--once JOB]");
                return Usage;
        }
    }

    private static async Task<int> RunOnceAsync(IServiceProvider services, string job)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var runner = services.GetRequiredService<JobRunner>();
        try
        {
            var start = new JobStart(job, JobCause.Once, "operator");
            var (held, state) = await runner.TryRunAsync(start, stop.Token);
            if (!held)
            {
                await Console.Error.WriteLineAsync($"another process runs {job} just now");
                return Busy;
            }

            return state is JobRunState.Succeeded ? Succeeded : Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
