using System.Diagnostics;
using System.Globalization;

namespace Kalisecu.Benchmarks;

/// <summary>Which part of this machine's CPU time went where, between two moments.</summary>
internal sealed record ProcessCpu(TimeSpan Machine, TimeSpan Workers, TimeSpan Relay)
{
    // USER_HZ (proc(5)): a hundred on every Linux of ours.
    private const int TicksPerSecond = 100;

    public static ProcessCpu Read(IEnumerable<Process> workers, Process relay) =>
        new(ReadMachine(), workers.Aggregate(TimeSpan.Zero, (sum, w) => sum + Read(w)), Read(relay));

    /// <summary>Milliseconds for one of so many things; all else is PostgreSQL, the disk's driver, and whoever else runs.</summary>
    public string Since(ProcessCpu before, int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"workers {(Workers - before.Workers).TotalMilliseconds / count:N2}, relay {(Relay - before.Relay).TotalMilliseconds / count:N2}, all else {(Others - before.Others).TotalMilliseconds / count:N2}"
        );

    private TimeSpan Others => Machine - Workers - Relay;

    private static TimeSpan Read(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    // user, nice, system, idle, iowait, irq, softirq: what is neither idle nor waiting.
    private static TimeSpan ReadMachine()
    {
        var ticks = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(t => long.Parse(t, CultureInfo.InvariantCulture))
            .ToList();
        return TimeSpan.FromSeconds((double)(ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TicksPerSecond);
    }
}
