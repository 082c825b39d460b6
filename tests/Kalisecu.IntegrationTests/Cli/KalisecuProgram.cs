using System.Diagnostics;

namespace Kalisecu.IntegrationTests.Cli;

/// <summary>The real program in a process of its own, as people run it.</summary>
internal static class KalisecuProgram
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    public static async Task<CommandResult> RunAsync(string data, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Find(), .. arguments, "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Within);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    // The build puts each program beside ours, under its own name.
    private static string Find()
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        return Path.GetFullPath(
            Path.Combine(own, "..", "..", "Kalisecu.Cli", Path.GetFileName(own), "Kalisecu.Cli.dll")
        );
    }
}
