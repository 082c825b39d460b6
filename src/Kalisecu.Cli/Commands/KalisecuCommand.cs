using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>The command line as a whole: each group of commands has a file of its own beside this one.</summary>
internal static class KalisecuCommand
{
    private const string Description = """
        Kalisecu: the operator's command line.

        Exit codes: 0 done, 1 refused or a step failed, 2 wrong command line, 3 not found, 4 not allowed or sign in
        again, 69 server not available, 70 fault of the server, 130 interrupted.
        """;

    private static readonly Lazy<RootCommand> Only = new(Make);

    /// <summary>The one tree of commands: options know the commands that take them, so there are no two.</summary>
    public static RootCommand Create() => Only.Value;

    private static RootCommand Make()
    {
        var root = new RootCommand(Description)
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
            RunCommand.Create(),
            CertsCommand.Create(),
            MigrateCommand.Create(),
            RestoreCommand.Create(),
            CompletionCommand.Create(),
            SignInCommand.Create(),
            SessionCommands.SignOut(),
            SessionCommands.WhoAmI(),
            SessionCommands.Use(),
            StaffCommand.Create(),
            TenantsCommand.Create(),
            MembersCommand.Create(),
            SitesCommand.Create(),
            AuthorisationsCommand.Create(),
            AgentsCommand.Create(),
            ScansCommand.Create(),
            FindingsCommand.Create(),
            ObservationsCommand.Create(),
            ChecksCommand.Create(),
            ReportsCommand.Create(),
            PersonsCommand.Create(),
            PrivacyRequestsCommand.Create(),
            AccessLogCommand.Create(),
            JobsCommand.Create(),
            RetentionCommand.Create(),
            BackupsCommand.Create(),
            LettersCommand.Create(),
            PostureCommand.Create(),
            ClausesCommand.Create(),
            ConsentCommand.Create(),
            PoliciesCommand.Create(),
            ProcessorsCommand.Create(),
            RegisterCommand.Create(),
            BreachCommand.Create(),
        };
        foreach (var option in GlobalOptions.All)
        {
            root.Options.Add(option);
        }

        HelpWithExample.Install(root);
        return root;
    }
}
