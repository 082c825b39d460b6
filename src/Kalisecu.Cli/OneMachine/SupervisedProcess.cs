using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Hosting;

namespace Kalisecu.Cli.OneMachine;

/// <summary>One of our own programs, kept running: started again with growing pauses when it ends by itself.</summary>
internal sealed class SupervisedProcess : IAsyncDisposable
{
    // Ours: at once for a single crash, seldom enough not to burn a core when it cannot start at all.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    // Above the server's own shutdown time, in which it lets open calls finish.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(40);

    // A log that is older than this is set aside at the next start.
    private const long LongestLog = 32 << 20;

    private readonly IReadOnlyList<string> _program;
    private readonly string _log;
    private Process? _process;

    public SupervisedProcess(string name, IReadOnlyList<string> program, string log)
    {
        Name = name;
        _program = program;
        _log = log;
    }

    public string Name { get; }

    public int Restarts { get; private set; }

    public ProcessIdentity? Identity =>
        _process is { HasExited: false } running ? ProcessIdentity.Of(running.Id) : null;

    public async Task StartAsync()
    {
        if (File.Exists(_log) && new FileInfo(_log).Length > LongestLog)
        {
            File.Move(_log, _log + ".1", overwrite: true);
        }

        // The shell only opens the log and becomes the program, which then writes there itself, with nobody in between.
        _process?.Dispose();
        _process = await ChildProcess.StartAsync(
            ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", _log, .. _program],
            "TERM"
        );
    }

    /// <summary>Ends when the program does; the code is the program's.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process!.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Keeps it running until cancelled.</summary>
    /// <param name="say">Told about each end and each new start.</param>
    public async Task KeepAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            var watch = Stopwatch.StartNew();
            var code = await WaitForExitAsync(cancellationToken);
            pause = watch.Elapsed > Healthy ? FirstPause : pause;
            say(
                $"{Name} ended by itself with code {code}; starting it again in {pause.TotalSeconds:0} s (its log: {_log})"
            );
            await Task.Delay(pause, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Restarts++;
            await StartAsync();
            say($"{Name} started again as process {_process!.Id}");
        }
    }

    public async Task StopAsync()
    {
        if (_process is null or { HasExited: true })
        {
            return;
        }

        ChildProcess.Signal(_process.Id, PosixSignal.SIGTERM);
        using var timeout = new CancellationTokenSource(StopWithin);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }
}
