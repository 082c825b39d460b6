using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kalisecu.Hosting;

/// <summary>
/// Starts processes that end with us, whatever ends us, and that a ctrl-C in the terminal does not reach: we stop them in
/// our own order.
/// </summary>
internal static class ChildProcess
{
    private static readonly BlockingCollection<Action> Requests = StartThread();

    /// <summary>Starts a program; its output is the caller's to read or to redirect.</summary>
    /// <param name="program">The file to run and its arguments.</param>
    /// <param name="signalOfDeath">What the kernel sends to it when we die: INT or TERM.</param>
    /// <param name="user">The user to become, without any privilege; null for our own.</param>
    /// <param name="configure">Last changes to how it is started.</param>
    public static Task<Process> StartAsync(
        IReadOnlyList<string> program,
        string signalOfDeath,
        string? user = null,
        Action<ProcessStartInfo>? configure = null
    )
    {
        // setsid and setpriv become the program (exec), so the process we get is the program itself.
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false };
        start.ArgumentList.Add("setpriv");
        start.ArgumentList.Add($"--pdeathsig={signalOfDeath}");
        foreach (var argument in user is null ? [] : AsUser(user))
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add("--");
        foreach (var argument in program)
        {
            start.ArgumentList.Add(argument);
        }

        configure?.Invoke(start);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() => Start(start, started));
        return started.Task;
    }

    public static IReadOnlyList<string> AsUser(string user) =>
        [$"--reuid={user}", $"--regid={user}", "--init-groups", "--inh-caps=-all", "--no-new-privs"];

    /// <summary>Sends a signal; false when there is no such process any more.</summary>
    public static bool Signal(int processId, PosixSignal signal) =>
        NativeMethods.Kill(
            processId,
            signal switch
            {
                PosixSignal.SIGINT => 2,
                PosixSignal.SIGQUIT => 3,
                PosixSignal.SIGTERM => 15,
                _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "not a signal we send"),
            }
        ) == 0;

    private static void Start(ProcessStartInfo start, TaskCompletionSource<Process> started)
    {
        try
        {
            started.SetResult(Process.Start(start)!);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            started.SetException(exception);
        }
    }

    // The kernel sends the signal of death when the *thread* that started the process ends, so one thread starts all and
    // lives as long as we do.
    private static BlockingCollection<Action> StartThread()
    {
        var requests = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        {
            IsBackground = true,
            Name = "starts child processes",
        };
        thread.Start();
        return requests;
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int processId, int signal);
    }
}
