using Kalisecu.Jobs;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>Once a week all of it; a trial follows at once.</summary>
internal sealed class TakeFullBackup(
    TakeBackup take,
    AllTenants allTenants,
    ControlJobs jobs,
    ILogger<TakeFullBackup> log
) : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var backup = await take.RunAsync(BackupKind.Full, run, cancellationToken);
        BackupLog.Taken(log, backup.Label, backup.TableCount, backup.RowCount);
        await allTenants.RunAsync(
            db => jobs.AskAsync(db, BackupSchedule.VerifyJob, run.Actor, cancellationToken),
            cancellationToken
        );
        return JobOutcome.Done;
    }
}

/// <summary>Looks every hour, so that a backup that failed is soon made up for; takes one a day, or when it is asked for.</summary>
internal sealed class TakeIncrementalBackup(
    TakeBackup take,
    BackupRecords records,
    IClock clock,
    ILogger<TakeIncrementalBackup> log
) : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var newest = await records.NewestAsync(cancellationToken);
        var isDue = newest is null || clock.GetCurrentInstant() - newest.StartTime >= BackupSchedule.IncrementalEvery;
        if (run.SlotTime is not null && !isDue)
        {
            run.Count("not_due");
            return JobOutcome.Done;
        }

        var backup = await take.RunAsync(BackupKind.Incremental, run, cancellationToken);
        BackupLog.Taken(log, backup.Label, backup.TableCount, backup.RowCount);
        return JobOutcome.Done;
    }
}

/// <summary>Brings the copies of objects, keys and the journal up to date, as often as the log is archived.</summary>
internal sealed class CopyFilesJob(CopyFiles copies) : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var copied = await copies.RunAsync(cancellationToken);
        run.Count("copied_files", copied.Files);
        run.Count("copied_bytes", copied.Bytes);
        return JobOutcome.Done;
    }
}
