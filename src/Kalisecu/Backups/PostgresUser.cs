using System.Diagnostics;
using System.Text;
using Kalisecu.Hosting;

namespace Kalisecu.Backups;

/// <summary>What a program of PostgreSQL's or pgBackRest's said, and how it ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last lines that say what is wrong, without the paths of a stack of hints.</summary>
    public string Problem
    {
        get
        {
            var lines = (Errors + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var errors = lines.Where(l =>
                l.Contains("ERROR", StringComparison.Ordinal) || l.Contains("FATAL", StringComparison.Ordinal)
            );
            return string.Join(' ', (errors.Any() ? errors : lines).TakeLast(3)).Trim();
        }
    }
}

/// <summary>Runs programs as the user that PostgreSQL runs as, and gives files to it.</summary>
internal static class PostgresUser
{
    /// <summary>Null when we are that user, or run everything ourselves: only root can become another.</summary>
    public static string? Of(BackupOptions options) => Environment.IsPrivilegedProcess ? options.User : null;

    public static async Task<ToolResult> RunAsync(
        BackupOptions options,
        IReadOnlyList<string> program,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken
    )
    {
        using var process = await StartAsync(options, program, environment);
        await using var stop = cancellationToken.Register(() =>
            ChildProcess.Signal(process.Id, System.Runtime.InteropServices.PosixSignal.SIGTERM)
        );
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    public static Task<Process> StartAsync(
        BackupOptions options,
        IReadOnlyList<string> program,
        IReadOnlyDictionary<string, string>? environment = null
    ) =>
        ChildProcess.StartAsync(
            program,
            "INT",
            Of(options),
            start =>
            {
                start.RedirectStandardOutput = true;
                start.RedirectStandardError = true;
                start.StandardOutputEncoding = Encoding.UTF8;
                start.WorkingDirectory = "/";
                foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
                {
                    start.Environment[name] = value;
                }
            }
        );

    /// <summary>Gives a file or a folder with all in it to PostgreSQL's user.</summary>
    public static async Task OwnAsync(BackupOptions options, string path, CancellationToken cancellationToken)
    {
        if (Of(options) is { } user)
        {
            using var chown = Process.Start("chown", ["-R", "--", $"{user}:{user}", path]);
            await chown.WaitForExitAsync(cancellationToken);
            if (chown.ExitCode != 0)
            {
                throw new IOException($"{path} could not be given to {user}.");
            }
        }
    }
}
