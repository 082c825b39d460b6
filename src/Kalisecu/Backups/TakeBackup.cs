using Kalisecu.Jobs;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>
/// Takes a backup of the database, then sees and marks the moment up to which it has to give everything back, and brings the
/// copies of all else up to date.
/// </summary>
internal sealed class TakeBackup(
    BackupOptions options,
    PgBackRest pgBackRest,
    CopyFiles copies,
    BackupRecords records,
    IClock clock
)
{
    public async Task<Backup> RunAsync(BackupKind kind, JobRun run, CancellationToken cancellationToken)
    {
        const int steps = 4;
        run.Report(0, steps, "Preparing the repository");
        await pgBackRest.PrepareAsync(cancellationToken);
        var superuser = SuperuserConnection.Of(options);
        var restorePoint = $"kalisecu-{Ids.New(clock.GetCurrentInstant()):N}";

        run.Report(1, steps, "Taking the backup");
        await pgBackRest.BackUpAsync(kind, restorePoint, cancellationToken);
        run.Report(2, steps, "Counting every table");
        var manifest = await TakeManifest.RunAsync(superuser, restorePoint, cancellationToken);
        await LogArchive.FlushAsync(superuser, cancellationToken);
        run.Report(3, steps, "Copying objects, keys and the journal");
        var copied = await copies.RunAsync(cancellationToken);

        var repository = await pgBackRest.ReadAsync(cancellationToken);
        var taken = repository.Backups[^1];
        if (taken.HasErrors)
        {
            throw new BackupFailed($"PostgreSQL found wrong checksums while {taken.Label} was taken.");
        }

        await ManifestFile.WriteAsync(options, taken.Label, manifest, cancellationToken);
        var backup = Backup.Of(taken, repository.IsEncrypted, manifest, copied, run.RunId, clock.GetCurrentInstant());
        await records.AddAsync(backup, repository, run.Actor, cancellationToken);
        run.Report(steps, steps);
        run.Count("tables", backup.TableCount);
        run.Count("rows", backup.RowCount);
        run.Count("size_bytes", backup.SizeBytes);
        run.Count("repository_bytes", backup.RepositoryBytes);
        run.Count("copied_files", backup.CopiedFiles);
        return backup;
    }
}
