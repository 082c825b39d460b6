using System.CommandLine;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Backups;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using NodaTime;

namespace Kalisecu.Cli.Commands;

/// <summary>Brings a whole platform back from its backups.</summary>
internal static class RestoreCommand
{
    private static readonly Option<Timestamp?> To = Options.Time(
        "--to",
        "The last moment whose changes are wanted [default: the newest there is]"
    );

    private static readonly Option<string> From = Options.Needed(
        "--from",
        "FOLDER|FILE",
        "Repository of the backups: its folder, or a JSON file that says where it is in object storage"
    );

    private static readonly Option<string> Copies = Options.Needed(
        "--copies",
        "FOLDER",
        "Copies of objects, keys and the journal of erasures"
    );

    private static readonly Option<string> Keys = Options.Needed(
        "--keys",
        "FOLDER",
        "Folder with the two files that are in no backup: kek.key and backup.passphrase"
    );

    public static Command Create() =>
        new Leaf(
            "restore",
            "Bring the whole platform back from its backups, into an empty data folder",
            "restore --to 2026-11-24T14:30:00Z --from /mnt/repository --copies /mnt/copies --keys /mnt/safe --data /srv/kalisecu"
        )
        {
            To,
            From,
            Copies,
            Keys,
            ReplayErasuresCommand.AcceptWithoutHead,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var source = new RestoreSource(
            RepositoryAt(Path.GetFullPath(run.Get(From))),
            Path.GetFullPath(run.Get(Copies)),
            Path.GetFullPath(run.Get(Keys)),
            run.Get(ReplayErasuresCommand.AcceptWithoutHead)
        );
        var restore = new MachineRestore(run.Data, new Progress(run.Output.Errors), SystemClock.Instance);
        try
        {
            var replayed = await restore.RunAsync(source, MomentOf(run.Get(To)), cancellationToken);
            run.Output.Say($"Restored; {replayed} erasures were carried out again. Start it: kalisecu up");
            return ExitCodes.Ok;
        }
        catch (BackupFailed failed)
        {
            throw new StepFailed(
                failed.Message,
                "solve what it says, remove the unfinished data folder, then run this again",
                failed
            );
        }
    }

    /// <summary>A file holds what the section Repository of the worker's settings does.</summary>
    private static BackupOptions.RepositorySettings RepositoryAt(string path)
    {
        if (!File.Exists(path))
        {
            return new BackupOptions.RepositorySettings { Folder = path };
        }

        try
        {
            return JsonSerializer.Deserialize<BackupOptions.RepositorySettings>(File.ReadAllText(path))
                ?? throw new JsonException("it says nothing");
        }
        catch (JsonException exception)
        {
            throw new StepFailed(
                $"{path} cannot be read: {exception.Message}",
                "write into it what the section Repository of backup-verification-worker.json held",
                exception
            );
        }
    }

    private static Instant? MomentOf(Timestamp? time) =>
        time is null ? null : Instant.FromUnixTimeSeconds(time.Seconds).PlusNanoseconds(time.Nanos);
}
