using System.CommandLine;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Persistence;

namespace Kalisecu.Cli.Commands;

/// <summary>Brings a database to this build's schema, as its owner.</summary>
internal static class MigrateCommand
{
    private static readonly Option<string?> Database = new("--database")
    {
        Description =
            "Connection string of the owner's role, its password in a Passfile [default: the running platform of the data folder]",
        HelpName = "TEXT",
    };

    public static Command Create() =>
        new Command("migrate", "Bring the database to the schema of this version") { Database }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var owner = run.Get(Database) ?? OfDataFolder(run.Data);
        var count = await Migrator.MigrateAsync(owner, run.Output.Say, cancellationToken);
        run.Output.Say(
            count > 0 ? $"{count} scripts ran: the database has the schema of this version." : "Nothing to do."
        );
        return ExitCodes.Ok;
    }

    private static string OfDataFolder(DataFolder data)
    {
        if (
            RunFile.Running(data) is null
            || MachineSettings.Read(data) is not { } settings
            || data.PostgresTarget() is not { } folder
        )
        {
            throw new StepFailed(
                $"no platform runs on {data.Folder}",
                "start it (kalisecu up migrates by itself), or name the database with --database"
            );
        }

        return MachineDatabase.OwnerConnection(data, new PostgresFiles(folder), settings.PostgresPort);
    }
}
