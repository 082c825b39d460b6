using Kalisecu.Hosting;

namespace Kalisecu.Cli.OneMachine;

/// <summary>This machine's own agent, run as anybody would run it: the real program, with its state in the data folder.</summary>
internal static class AgentProgram
{
    /// <summary>Runs one command of the agent to its end.</summary>
    /// <returns>What it said.</returns>
    public static async Task<string> RunAsync(
        DataFolder data,
        IReadOnlyList<string> arguments,
        string problem,
        CancellationToken cancellationToken,
        string input = ""
    )
    {
        var (code, output) = await TryAsync(data, arguments, cancellationToken, input);
        return code == 0
            ? output
            : throw new StepFailed(
                $"{problem}: {output.Trim()}",
                "solve what it says, then run 'up' again: it goes on"
            );
    }

    /// <summary>Whether the machine has a certificate of an agent.</summary>
    public static async Task<bool> IsEnrolledAsync(DataFolder data, CancellationToken cancellationToken) =>
        (await TryAsync(data, ["status"], cancellationToken)).Code == 0;

    /// <summary>Tells the enrolled agent where the server listens, when that is no longer where it knows it.</summary>
    public static async Task FollowAsync(DataFolder data, Uri server, CancellationToken cancellationToken)
    {
        var (_, known) = await TryAsync(data, ["status"], cancellationToken);
        if (!known.Contains(server.ToString(), StringComparison.Ordinal))
        {
            await RunAsync(
                data,
                ["renew", "--service", server.ToString()],
                "the agent could not follow the server to its new port",
                cancellationToken
            );
        }
    }

    /// <summary>Keeps pushing what is spooled and could not be pushed before.</summary>
    public static IReadOnlyList<string> Watching(DataFolder data) =>
        OurPrograms.Agent("push", "--watch", "--state", data.Agent);

    private static async Task<(int Code, string Output)> TryAsync(
        DataFolder data,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        string input = ""
    )
    {
        using var process = await ChildProcess.StartAsync(
            OurPrograms.Agent([.. arguments, "--state", data.Agent]),
            "TERM",
            configure: start =>
            {
                start.RedirectStandardError = true;
                start.RedirectStandardOutput = true;
                start.RedirectStandardInput = true;
            }
        );
        await process.StandardInput.WriteLineAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ChildProcess.Signal(process.Id, System.Runtime.InteropServices.PosixSignal.SIGTERM);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
