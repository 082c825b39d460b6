using System.CommandLine;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli.Commands;

/// <summary>Shows what runs on a data folder, how it is, and how much it holds.</summary>
internal static class StatusCommand
{
    public static Command Create() =>
        new Command("status", "Show processes, ports, health and sizes of this machine's platform").Runs(ShowAsync);

    public static async Task<int> ShowAsync(Invocation run, CancellationToken cancellationToken)
    {
        var running = RunFile.Running(run.Data);
        var settings = MachineSettings.Read(run.Data);
        var health =
            running is not null && settings is not null
                ? await ServerHealth.AskAsync(run.Data.Target(settings.Port), cancellationToken)
                : "not running";
        var status = new MachineStatus(
            run.Data.Folder,
            running is null ? "stopped"
                : running.IsReady ? "running"
                : "starting",
            health,
            settings?.Port,
            settings?.EnrolmentPort,
            [.. Processes(running)],
            FolderSizes(run.Data)
        );
        Show(status, run.Output);
        return string.Equals(health, ServerHealth.Serving, StringComparison.Ordinal)
            ? ExitCodes.Ok
            : ExitCodes.Unavailable;
    }

    private static void Show(MachineStatus status, Output output)
    {
        if (output.IsJson)
        {
            output.Item(status);
            return;
        }

        output.Item(
            status,
            new("Data folder", s => s.DataFolder),
            new("State", s => s.State),
            new("Server", s => s.Health),
            new("Sizes", s => string.Join(", ", s.FolderBytes.Select(f => $"{f.Key} {Megabytes(f.Value)}")))
        );
        if (status.Processes.Count > 0)
        {
            output.Rows(
                status.Processes,
                new("Process", p => p.Name),
                new("Pid", p => $"{p.Pid}", IsNumber: true),
                new("Port", p => $"{p.Port}", IsNumber: true),
                new("Restarts", p => $"{p.Restarts}", IsNumber: true),
                new("Memory", p => Megabytes(p.MemoryBytes), IsNumber: true)
            );
        }
    }

    private static IEnumerable<ProcessStatus> Processes(RunFile? running)
    {
        if (running is null)
        {
            yield break;
        }

        var supervisor = new RunningProcess("up", running.Supervisor, Port: null, Restarts: 0);
        foreach (var process in running.Processes.Prepend(supervisor).Where(process => process.Identity.IsAlive))
        {
            var pid = process.Identity.Pid;
            yield return new ProcessStatus(process.Name, pid, process.Port, process.Restarts, MemoryOf(pid));
        }
    }

    private static long MemoryOf(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.WorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }

    private static SortedDictionary<string, long> FolderSizes(DataFolder data)
    {
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (Directory.Exists(data.Folder))
        {
            foreach (var folder in new DirectoryInfo(data.Folder).EnumerateDirectories())
            {
                var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
                sizes[folder.Name] = SizeOf(new DirectoryInfo(real));
            }
        }

        return sizes;
    }

    // Files come and go while a database works; what cannot be read counts nothing.
    private static long SizeOf(DirectoryInfo folder)
    {
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return folder.Exists ? folder.EnumerateFiles("*", all).Sum(file => file.Exists ? file.Length : 0) : 0;
    }

    private static string Megabytes(long bytes) => $"{bytes / 1048576.0:0.0} MB";
}

internal sealed record MachineStatus(
    string DataFolder,
    string State,
    string Health,
    int? Port,
    int? EnrolmentPort,
    IReadOnlyList<ProcessStatus> Processes,
    SortedDictionary<string, long> FolderBytes
);

internal sealed record ProcessStatus(string Name, int Pid, int? Port, int Restarts, long MemoryBytes);
