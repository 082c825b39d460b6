using System.CommandLine;

namespace Kalisecu.Cli.Commands;

/// <summary>The command line as a whole: each group of commands has a file of its own beside this one.</summary>
internal static class KalisecuCommand
{
    private const string Description = """
        Kalisecu: the operator's command line.

        Exit codes: 0 done, 1 refused or a step failed, 2 wrong command line, 3 not found, 4 not allowed or sign in
        again, 69 server not available, 70 fault of the server, 130 interrupted.
        """;

    public static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
            CertsCommand.Create(),
            MigrateCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var option in GlobalOptions.All)
        {
            root.Options.Add(option);
        }

        return root;
    }
}
