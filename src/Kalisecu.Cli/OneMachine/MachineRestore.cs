using Kalisecu.Backups;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.Persistence;
using Kalisecu.Rights;
using NodaTime;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Where a lost platform is brought back from.</summary>
/// <param name="Repository">The repository of the backups: a folder, or a bucket of object storage.</param>
/// <param name="Copies">The copies of objects, keys and the journal.</param>
/// <param name="Keys">A folder with the two files that are in no backup.</param>
/// <param name="AcceptsJournalWithoutHead">Whether the operator takes a journal that came without its length to be whole.</param>
internal sealed record RestoreSource(
    BackupOptions.RepositorySettings Repository,
    string Copies,
    string Keys,
    bool AcceptsJournalWithoutHead = false
);

/// <summary>Brings a whole platform back into an empty data folder.</summary>
internal sealed class MachineRestore(DataFolder data, Progress progress, IClock clock)
{
    /// <summary>Brings it back as it was at a moment, or as it was last.</summary>
    /// <returns>How many erasures were carried out again.</returns>
    public async Task<int> RunAsync(RestoreSource source, Instant? to, CancellationToken cancellationToken)
    {
        if (File.Exists(data.Settings) || data.PostgresTarget() is not null)
        {
            throw new StepFailed(
                $"{data.Folder} holds a platform",
                "restore into a new folder with --data: the present one stays as it is until you are sure"
            );
        }

        DemandJournalHead(source);
        data.Prepare();
        await progress.Step(
            "Taking the two keys",
            "The two files that are in no backup",
            () => TakeKeysAsync(source, cancellationToken)
        );
        var files = await MachineDatabase.PlaceAsync(data, cancellationToken);
        var (options, settings) = Describe(source, files);
        await progress.Step(
            "Copying back",
            "Certificates, passwords, keys, objects, the journal",
            () => CopyBackAsync(source, settings, cancellationToken)
        );
        await PostgresCluster.PrepareFolderAsync(files, cancellationToken);
        var restore = new RestoreDatabase(options, settings, clock)
        {
            AcceptsJournalWithoutHead = source.AcceptsJournalWithoutHead,
        };
        var replayed = await restore.RunAsync(
            to,
            await File.ReadAllTextAsync(files.PasswordFile, cancellationToken),
            (what, work) => progress.Step($"Restoring: {what}", what, work),
            cancellationToken
        );
        Finish(source, files);
        return replayed;
    }

    private static void DemandJournalHead(RestoreSource source)
    {
        if (!source.AcceptsJournalWithoutHead && !RestoreCopies.HaveJournalHead(source.Copies))
        {
            throw new StepFailed(
                $"{source.Copies} does not say how long the journal of erasures was: {CopyFiles.Keys}/{JournalHead.FileName} is missing",
                "bring it from the keys of the lost machine; or, knowing that persons who were erased may come back, add "
                    + "--accept-journal-without-head"
            );
        }
    }

    private async Task TakeKeysAsync(RestoreSource source, CancellationToken cancellationToken)
    {
        foreach (
            var (name, target) in ((string, string)[])
                [("kek.key", data.KeyEncryptionKey), ("backup.passphrase", data.BackupPassphrase)]
        )
        {
            var file = Path.Combine(source.Keys, name);
            if (!File.Exists(file))
            {
                throw new StepFailed(
                    $"{file} is missing",
                    "it is one of the two files that are in no backup: bring it from where you keep it"
                );
            }

            PemFiles.WriteSecret(target, await File.ReadAllTextAsync(file, cancellationToken));
        }
    }

    private (BackupOptions Options, WorkerSettings Settings) Describe(RestoreSource source, PostgresFiles files)
    {
        var options = MachineBackups.Options(data, files, Ports.Free());
        options.Repository = source.Repository;
        options.CopyFolder = source.Copies;
        var noPassword = data["run/no.password"];
        File.WriteAllText(noPassword, "");
        var settings = new WorkerSettings
        {
            DatabasePasswordFile = noPassword,
            Keys = { Folder = data.Keys, KeyEncryptionKeyFile = data.KeyEncryptionKey },
            Objects = { Folder = data.Objects },
            Erasures = { JournalFolder = data.Journal },
        };
        return (options, settings);
    }

    private async Task CopyBackAsync(RestoreSource source, WorkerSettings settings, CancellationToken cancellationToken)
    {
        RestoreCopies.Run(source.Copies, settings);
        foreach (var folder in (string[])[data.Pki, data.Secrets])
        {
            await RestoreCopies.OpenAsync(source.Copies, folder, data.KeyEncryptionKey, cancellationToken);
        }
    }

    /// <summary>The platform goes on with the same repository and copies; what a first run shows is not shown again.</summary>
    private void Finish(RestoreSource source, PostgresFiles files)
    {
        MachineWorkers.KeepBackups(data, source.Repository, source.Copies);
        File.Delete(data["run/no.password"]);
        File.WriteAllText(FirstRun.MarkOf(data), "");
        progress.Say($"PostgreSQL's files are in {files.Folder}.");
    }
}
