using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;

namespace Kalisecu.Cli.Commands;

/// <summary>Stops what `up` runs, wherever it was started.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public static Command Create() => new Command("down", "Stop the platform on this machine").Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        if (RunFile.Running(run.Data) is { } running)
        {
            ChildProcess.Signal(running.Supervisor.Pid, PosixSignal.SIGTERM);
            await WaitFor(() => !running.Supervisor.IsAlive, running.Supervisor.Pid, cancellationToken);
            run.Output.Say("Stopped.");
            return ExitCodes.Ok;
        }

        var left = RunFile.Read(run.Data)?.Processes.Where(process => process.Identity.IsAlive).ToList() ?? [];
        foreach (var process in left)
        {
            // The supervisor was killed and its children are on their way out; asking again does no harm.
            var signal = process.Name is "postgres" ? PosixSignal.SIGINT : PosixSignal.SIGTERM;
            ChildProcess.Signal(process.Identity.Pid, signal);
            await WaitFor(() => !process.Identity.IsAlive, process.Identity.Pid, cancellationToken);
        }

        File.Delete(RunFile.PathOf(run.Data));
        run.Output.Say(left.Count > 0 ? "Stopped what a killed supervisor had left." : "Nothing is running.");
        return ExitCodes.Ok;
    }

    private static async Task WaitFor(Func<bool> isOver, int pid, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!isOver())
        {
            if (watch.Elapsed > StopWithin)
            {
                throw new StepFailed(
                    $"process {pid} does not stop",
                    $"look at 'logs up', then end it: kill -KILL {pid}"
                );
            }

            await Task.Delay(LookAgain, cancellationToken);
        }
    }
}
