using System.CommandLine;
using System.Runtime.InteropServices;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;

namespace Kalisecu.Cli.Commands;

/// <summary>Runs one job of this machine's workers, for cron and by hand.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Once = Options.Needed("--once", "JOB", "Name of the job");

    public static Command Create() =>
        new Leaf("run", "Run one job of this machine's workers, and end as it does", "run --once expire-consents")
        {
            Once,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var job = run.Get(Once);
        foreach (var worker in MachineWorkers.Kinds)
        {
            if (!File.Exists(run.Data.WorkerSettings(worker)))
            {
                throw new StepFailed(
                    $"{run.Data.Folder} has no settings of workers",
                    "start the platform first: kalisecu up"
                );
            }

            var code = await RunAsync([.. OurPrograms.Worker(run.Data, worker), "--once", job], cancellationToken);
            if (code == WorkerProgram.NoSuchJob)
            {
                continue;
            }

            return code == WorkerProgram.Busy
                ? throw new StepFailed($"another process runs {job} just now", "wait, or see it: kalisecu jobs runs")
                : code;
        }

        throw new StepFailed($"no worker has a job named {job}", "see them: kalisecu jobs list", ExitCodes.NotFound);
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> program, CancellationToken cancellationToken)
    {
        using var process = await ChildProcess.StartAsync(program, "TERM");
        await using var stop = cancellationToken.Register(() => ChildProcess.Signal(process.Id, PosixSignal.SIGTERM));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
