using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>Tries the newest backup with the newest log, and records what came of it.</summary>
internal sealed class VerifyBackup(
    BackupOptions options,
    TryRestore trial,
    BackupRecords records,
    IClock clock,
    ILogger<VerifyBackup> log
) : IWorkerJob
{
    // The archive is filled at least once a minute; so much more for a busy machine before it counts as broken.
    private const long Slack = 60;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (await records.NewestAsync(cancellationToken) is not { } backup)
        {
            return JobOutcome.Failed("there is no backup to verify");
        }

        var begin = clock.GetCurrentInstant();
        var result = await TryAsync(backup, run, cancellationToken);
        var verification = BackupVerification.Of(
            backup.BackupId,
            begin,
            Instant.Max(begin, clock.GetCurrentInstant()),
            result,
            run.RunId
        );
        await records.AddAsync(verification, backup, run.Actor, cancellationToken);
        foreach (var (name, value) in result.Figures)
        {
            run.Count(name, value);
        }

        foreach (var problem in result.Problems)
        {
            BackupLog.ProblemFound(log, backup.Label, problem);
        }

        return result.IsGood
            ? JobOutcome.Done
            : JobOutcome.Failed($"{backup.Label}: {string.Join(' ', result.Problems.Take(3))}");
    }

    private async Task<TrialResult> TryAsync(Backup backup, JobRun run, CancellationToken cancellationToken)
    {
        var manifest = await ManifestFile.ReadAsync(options, backup.Label, cancellationToken);
        if (manifest is null || !manifest.Digest().AsSpan().SequenceEqual(backup.ManifestDigest))
        {
            var lost = new TrialResult();
            lost.Fail(
                $"The manifest of {backup.Label} is {(manifest is null ? "missing" : "not the one that was taken")}."
            );
            return lost;
        }

        var superuser = SuperuserConnection.Of(options);
        var exposed = await LogArchive.ExposureAsync(superuser, cancellationToken);
        var latest = $"verify-{Ids.New(clock.GetCurrentInstant()):N}";
        await LogArchive.MarkAsync(superuser, latest, cancellationToken);
        var done = 0;
        var result = await trial.RunAsync(
            new TrialPlan(
                backup.Label,
                manifest,
                latest,
                new NpgsqlConnectionStringBuilder(options.Superuser).Database!
            ),
            step => run.Report(done++, total: null, step),
            cancellationToken
        );
        result.Count("recovery_point_seconds", exposed);
        if (exposed > BackupSchedule.LosesAtMostSeconds + Slack)
        {
            result.Fail($"The log was archived {exposed} seconds ago: more than a minute could have been lost.");
        }

        return result;
    }
}
