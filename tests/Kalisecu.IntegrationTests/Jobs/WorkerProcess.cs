using System.Diagnostics;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>The tests' worker as a process of its own.</summary>
internal static class WorkerProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="settings">The file with its settings.</param>
    /// <param name="environment">Whose jobs it has and which clock.</param>
    public static Process Start(
        string settings,
        IReadOnlyDictionary<string, string> environment,
        params IReadOnlyList<string> arguments
    )
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
        foreach (var argument in OurPrograms.Worker("Kalisecu.TestWorker", settings).Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Ends it as nothing can prepare for.</summary>
    public static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }
}
