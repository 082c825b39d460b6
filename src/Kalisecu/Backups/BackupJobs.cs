using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>Once a week all of it; a trial follows at once.</summary>
internal sealed class TakeFullBackup(TakeBackup take, AllTenants allTenants, IClock clock, ILogger<TakeFullBackup> log)
    : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var backup = await take.RunAsync(BackupKind.Full, run, cancellationToken);
        BackupLog.Taken(log, backup.Label, backup.TableCount, backup.RowCount);
        await allTenants.RunAsync(db => AskForTrialAsync(db, run, cancellationToken), cancellationToken);
        return JobOutcome.Done;
    }

    private async Task<bool> AskForTrialAsync(KalisecuDb db, JobRun run, CancellationToken cancellationToken)
    {
        var job = await db.Set<RegisteredJob>()
            .AsNoTracking()
            .SingleOrDefaultAsync(j => j.Job == BackupSchedule.VerifyJob, cancellationToken);
        var isAskedFor = await db.Set<RecordedRun>()
            .AnyAsync(r => r.Job == BackupSchedule.VerifyJob && r.State == JobRunState.Requested, cancellationToken);
        if (job is null || isAskedFor)
        {
            return false;
        }

        db.Add(RecordedRun.Request(job, run.Actor, clock.GetCurrentInstant()));
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"select pg_notify({JobRequests.Channel}, {BackupSchedule.VerifyJob})",
            cancellationToken
        );
        return true;
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
