using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Kalisecu.Benchmarks;

/// <summary>
/// The servers under load, in a process of their own: this program again with another verb. It says in one line of JSON where
/// they are, and ends when its input closes.
/// </summary>
internal sealed class ServerProcess<T> : IAsyncDisposable
    where T : class
{
    private readonly Process _process;

    private ServerProcess(Process process, T targets)
    {
        _process = process;
        Targets = targets;
    }

    public T Targets { get; }

    /// <summary>What of it is in memory now.</summary>
    public double ResidentMegabytes => StatusMegabytes("VmRSS:");

    /// <summary>The most that was in memory at once.</summary>
    public double PeakMegabytes => StatusMegabytes("VmHWM:");

    /// <summary>Forgets that peak: the next one is of what comes (proc(5), clear_refs).</summary>
    public Task ResetPeakAsync() => File.WriteAllTextAsync($"/proc/{_process.Id}/clear_refs", "5");

    public static async Task<ServerProcess<T>> StartAsync(
        string verb,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var process =
            Process.Start(
                new ProcessStartInfo("dotnet", [typeof(ServerProcess<T>).Assembly.Location, verb, folder])
                {
                    RedirectStandardInput = true,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                }
            ) ?? throw new InvalidOperationException("The servers' process did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        var targets =
            JsonSerializer.Deserialize<T>(line ?? "null")
            ?? throw new InvalidOperationException("The servers did not start.");
        return new ServerProcess<T>(process, targets);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private double StatusMegabytes(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status")
            .First(l => l.StartsWith(name, StringComparison.Ordinal));
        var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1];
        return double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
    }
}
