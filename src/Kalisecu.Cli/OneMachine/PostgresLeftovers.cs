using System.Globalization;
using System.Runtime.InteropServices;
using Kalisecu.Hosting;

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

            // A killed server's sessions live on until they notice. They still write to the cluster, and the pid file that is
            // removed below is what would keep a new server from starting beside them.
            while (Orphans(files) is { Count: > 0 } orphans)
            {
                orphans.ForEach(orphan => ChildProcess.Signal(orphan, PosixSignal.SIGQUIT));
                await Task.Delay(TimeSpan.FromMilliseconds(50), timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StepFailed(
                $"another PostgreSQL (process {Holder(files)}) holds {files.Cluster} and does not stop",
                $"stop it: kill -QUIT {Holder(files)}"
            );
        }

        // Its number may belong to another process by now, and PostgreSQL would refuse to start because of that.
        File.Delete(files.PidFile);
    }

    private static int? Holder(PostgresFiles files) => Running(files) ?? Orphans(files).Cast<int?>().FirstOrDefault();

    /// <summary>Processes of PostgreSQL that work in the cluster: each has it as its current folder.</summary>
    private static List<int> Orphans(PostgresFiles files) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder =>
                    int.TryParse(
                        Path.GetFileName(folder),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var processId
                    )
                        ? processId
                        : 0
                )
                .Where(processId => processId > 0 && WorksIn(files, processId)),
        ];

    private static bool WorksIn(PostgresFiles files, int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim() is "postgres"
                && string.Equals(
                    new DirectoryInfo($"/proc/{processId}/cwd").LinkTarget,
                    files.Cluster,
                    StringComparison.Ordinal
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's, who could not work in our cluster.
            return false;
        }
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
