using Kalisecu.Hosting;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>
/// Writes to people when a job of any worker is late or failed: once for an occasion, which lasts until a run ends well.
/// </summary>
internal sealed class AlarmAboutJobs(
    AllTenants allTenants,
    LetterBox letters,
    LetterTemplates templates,
    ControllerProfile controller,
    WorkerSettings settings,
    IClock clock
) : IWorkerJob
{
    private const string Kind = "job.alarm";

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        await allTenants.RunAsync(
            async db =>
            {
                var now = clock.GetCurrentInstant();
                var jobs = await db.Set<RegisteredJob>()
                    .AsNoTracking()
                    .Where(j => j.RetireTime == null)
                    .OrderBy(j => j.Job)
                    .ToListAsync(cancellationToken);
                foreach (var job in jobs)
                {
                    if (job.IsLate(now))
                    {
                        await WriteAsync(db, Late(job, run), run, cancellationToken);
                    }

                    if (await FirstFailedAsync(db, job, cancellationToken) is { } failed)
                    {
                        await WriteAsync(db, Failed(job, failed), run, cancellationToken);
                    }
                }

                return true;
            },
            cancellationToken
        );
        return JobOutcome.Done;
    }

    /// <summary>The first failed run since one that ended well; null when the newest one that is over ended well.</summary>
    private static async Task<RecordedRun?> FirstFailedAsync(
        KalisecuDb db,
        RegisteredJob job,
        CancellationToken cancellationToken
    )
    {
        var runs = db.Set<RecordedRun>().AsNoTracking().Where(r => r.Job == job.Job);
        var lastGood = await runs.Where(r => r.State == JobRunState.Succeeded)
            .MaxAsync(r => (Instant?)r.CreateTime, cancellationToken);
        return await runs.Where(r => r.State == JobRunState.Failed && (lastGood == null || r.CreateTime > lastGood))
            .OrderBy(r => r.CreateTime)
            .ThenBy(r => r.RunId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static Alarm Late(RegisteredJob job, JobRun run) =>
        new($"job/{job.Job}/late/{job.ExpectedTime}", "job-late", job, run.RunId, job.ExpectedTime, "");

    private static Alarm Failed(RegisteredJob job, RecordedRun failed) =>
        new(
            $"job/{job.Job}/failed/{failed.RunId:D}",
            "job-failed",
            job,
            failed.RunId,
            failed.CreateTime,
            failed.Problem ?? ""
        );

    private async Task WriteAsync(KalisecuDb db, Alarm alarm, JobRun run, CancellationToken cancellationToken)
    {
        var options = settings.Alarms;
        var text = templates.Render(
            alarm.Template,
            options.Language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["job"] = alarm.Job.Job,
                ["description"] = alarm.Job.Description,
                ["schedule"] = alarm.Job.ScheduleWords,
                ["time"] = alarm.Time,
                ["problem"] = alarm.Problem,
            }
        );
        foreach (var recipient in options.Recipients.Count > 0 ? options.Recipients : [controller.DpoAddress])
        {
            var draft = new LetterDraft(
                $"{alarm.Occasion}/{recipient}",
                Kind,
                LetterNature.Service,
                PersonId: null,
                recipient,
                options.Language,
                text,
                "job_run",
                alarm.CauseId
            );
            if (await letters.PostAsync(db, draft, cancellationToken))
            {
                run.Count("letters");
            }
        }
    }

    private sealed record Alarm(
        string Occasion,
        string Template,
        RegisteredJob Job,
        Guid CauseId,
        Instant Time,
        string Problem
    );
}
