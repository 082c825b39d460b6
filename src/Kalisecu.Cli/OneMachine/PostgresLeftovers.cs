using System.Globalization;
using System.Runtime.InteropServices;

namespace Kalisecu.Cli.OneMachine;

/// <summary>What an interrupted run left behind: a server still going down, or the pid file of one that is gone.</summary>
internal static class PostgresLeftovers
{
    /// <summary>The server that holds the cluster now, or null.</summary>
    public static int? Running(PostgresFiles files)
    {
        try
        {
            var first = File.ReadLines(files.PidFile).FirstOrDefault();
            return
                int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
                && IsServerOf(files, processId)
                ? processId
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Stops a server that lost its supervisor and removes a pid file that stands for nobody.</summary>
    public static async Task RemoveAsync(PostgresFiles files, TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        try
        {
            while (Running(files) is { } processId)
            {
                // A second request does no harm: it is the same "fast shutdown" that our death has asked for.
                ChildProcess.Signal(processId, PosixSignal.SIGINT);
                await Task.Delay(TimeSpan.FromMilliseconds(50), timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StepFailed(
                $"another PostgreSQL (process {Running(files)}) holds {files.Cluster} and does not stop",
                $"stop it: kill -QUIT {Running(files)}"
            );
        }

        // Its number may belong to another process by now, and PostgreSQL would refuse to start because of that.
        File.Delete(files.PidFile);
    }

    private static bool IsServerOf(PostgresFiles files, int processId)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            return arguments is [var program, "-D", var folder, ..]
                && Path.GetFileName(program) is "postgres"
                && string.Equals(folder, files.Cluster, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
