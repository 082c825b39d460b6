using System.Diagnostics;
using Kalisecu.Hosting;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Starts a supervisor that outlives this command and its terminal.</summary>
internal static class Detached
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public static async Task<int> StartAsync(
        DataFolder data,
        int? port,
        Output output,
        CancellationToken cancellationToken
    )
    {
        if (RunFile.Running(data) is { IsReady: true })
        {
            output.Say($"Already running on {data.Folder}.");
            return ExitCodes.Ok;
        }

        var log = data.Log("up");
        File.Delete(log);
        using var supervisor = Start(data, port, log);
        try
        {
            await WaitUntilReady(data, supervisor, log, output, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ChildProcess.Signal(supervisor.Id, System.Runtime.InteropServices.PosixSignal.SIGTERM);
            await supervisor.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        if (supervisor.HasExited)
        {
            return supervisor.ExitCode;
        }

        output.Say("It runs in the background: see 'status' and 'logs', stop it with 'down'.");
        return ExitCodes.Ok;
    }

    private static Process Start(DataFolder data, int? port, string log)
    {
        var start = new ProcessStartInfo("setsid");
        foreach (
            var argument in (string[])
                [
                    "sh",
                    "-c",
                    "exec \"$@\" >>\"$0\" 2>&1 </dev/null",
                    log,
                    "dotnet",
                    Environment.GetCommandLineArgs()[0],
                    "up",
                    "--data",
                    data.Folder,
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }

        if (port is { } given)
        {
            start.ArgumentList.Add($"--port={given}");
        }

        return Process.Start(start)!;
    }

    private static async Task WaitUntilReady(
        DataFolder data,
        Process supervisor,
        string log,
        Output output,
        CancellationToken cancellationToken
    )
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var follow = LogFile.FollowAsync(() => log, output.Errors.Profile.Out.Writer, following.Token);
        while (!supervisor.HasExited && RunFile.Running(data) is not { IsReady: true })
        {
            await Task.Delay(LookAgain, cancellationToken);
        }

        // What was written last is shown before we return.
        await Task.Delay(LookAgain * 3, cancellationToken);
        await following.CancelAsync();
        await follow;
    }
}
