using System.CommandLine;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli.Commands;

/// <summary>Shows the end of a process's log.</summary>
internal static class LogsCommand
{
    private static readonly string[] Names = ["server", "agent", .. MachineWorkers.ProcessNames, "postgres", "up"];

    private static readonly Argument<string> Process = new("process")
    {
        Description = $"Whose log: {string.Join(", ", Names[..^1])} or {Names[^1]}",
        DefaultValueFactory = _ => "server",
    };

    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with what is added" };

    private static readonly Option<int> Lines = new("--lines", "-n")
    {
        Description = "How many lines",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public static Command Create()
    {
        Process.AcceptOnlyFromAmong(Names);
        return new Command("logs", "Show the log of a process of this machine's platform")
        {
            Process,
            Follow,
            Lines,
        }.Runs(Run);
    }

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var process = run.Get(Process);
        if (Newest(run.Data, process) is not { } file || !File.Exists(file))
        {
            throw new StepFailed(
                $"there is no log of {process} in {run.Data.Folder}",
                process is "up"
                    ? "'up' writes a log only with --detach; otherwise it speaks to its terminal"
                    : "start the platform first: kalisecu up"
            );
        }

        foreach (var line in LogFile.Last(file, run.Get(Lines)))
        {
            run.Output.Raw(line + "\n");
        }

        if (run.Get(Follow))
        {
            await LogFile.FollowAsync(() => Newest(run.Data, process), Console.Out, cancellationToken);
        }

        return ExitCodes.Ok;
    }

    private static string? Newest(DataFolder data, string process) =>
        process is "postgres"
            ? data.PostgresTarget() is { } folder
                ? new PostgresFiles(folder).NewestLog()
                : null
            : data.Log(process);
}
