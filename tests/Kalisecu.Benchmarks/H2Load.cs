using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kalisecu.Benchmarks;

/// <summary>
/// Calls per second as h2load (Debian: nghttp2-client) drives them: a .NET client on the same cores would measure itself.
/// </summary>
internal sealed partial class H2Load(string folder, string certificate, string key)
{
    // One second in which connections are made and code is compiled, then what is counted.
    private const int WarmUpSeconds = 1;
    private const int Seconds = 2;

    private string Shim => Path.Combine(folder, "h2load_certificate.so");

    public async Task CompileAsync(CancellationToken cancellationToken)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Native", "h2load_certificate.c");
        await RunAsync("gcc", ["-O2", "-shared", "-fPIC", "-o", Shim, source, "-ldl"], cancellationToken);
    }

    public async Task<double> CallsPerSecondAsync(Load load, int inFlight, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            .. (string[])["-t", "1", "-c", "1", "-m", $"{inFlight}", "-D", $"{Seconds}"],
            $"--warm-up-time={WarmUpSeconds}",
            .. (string[])["-d", load.BodyFile, "-H", "content-type: application/grpc", "-H", "te: trailers"],
        ];
        foreach (var (name, value) in load.Headers)
        {
            arguments.AddRange(["-H", $"{name}: {value}"]);
        }

        var output = await RunAsync("h2load", [.. arguments, load.Url], cancellationToken);
        var rate = Rate().Match(output);
        return rate.Success && Failed().Match(output).Groups["n"].Value is "0"
            ? double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"h2load did not succeed: {output}");
    }

    private async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SHIM_CERT"] = certificate, ["SHIM_KEY"] = key },
        };
        if (program is "h2load")
        {
            start.Environment["LD_PRELOAD"] = Shim;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} is not installed.");
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }

    [GeneratedRegex(@"finished in [^,]+, (?<rate>[0-9.]+) req/s", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<n>\d+) failed", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failed();
}

/// <summary>One call that is repeated.</summary>
internal sealed record Load(string Name, string Url, string BodyFile, IReadOnlyDictionary<string, string> Headers);
