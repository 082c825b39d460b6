using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>Clause SEC-7: there is a backup of the last days, and every one that is kept is encrypted.</summary>
internal sealed class EncryptedBackupsCheck(AllTenants allTenants) : IClauseCheck
{
    // One a day is taken; a second one may fail before somebody has answered the alarm.
    private static readonly Duration NewestWithin = Duration.FromHours(30);

    public string ClauseId => "SEC-7";

    public string Name => "encrypted-backups";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => LookAsync(db, now, cancellationToken), cancellationToken);

    private static async Task<ClauseFinding> LookAsync(KalisecuDb db, Instant now, CancellationToken cancellationToken)
    {
        var backups = await db.Set<Backup>()
            .AsNoTracking()
            .Where(b => b.ExpireTime == null)
            .Select(b => new { b.EndTime, b.IsEncrypted })
            .ToListAsync(cancellationToken);
        if (backups.Count == 0)
        {
            return ClauseFinding.Unproven("No backup was taken yet.");
        }

        var clear = backups.Count(b => !b.IsEncrypted);
        var age = now - backups.Max(b => b.EndTime);
        (string, long)[] figures =
        [
            ("backups", backups.Count),
            ("clear_backups", clear),
            ("newest_age_minutes", (long)age.TotalMinutes),
        ];
        return clear > 0 ? ClauseFinding.Broken($"{clear} of {backups.Count} backups are not encrypted.", figures)
            : age > NewestWithin ? ClauseFinding.Broken($"The newest backup is {age.TotalHours:0} hours old.", figures)
            : ClauseFinding.Holds(
                $"{backups.Count} backups are kept, all of them encrypted, the newest {age.TotalHours:0} hours old.",
                figures
            );
    }
}

/// <summary>Clause SEC-7: the newest backup was restored within the last day, and everything was there.</summary>
internal sealed class TestedRestoreCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "SEC-7";

    public string Name => "tested-restore";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => LookAsync(db, now, cancellationToken), cancellationToken);

    private static async Task<ClauseFinding> LookAsync(KalisecuDb db, Instant now, CancellationToken cancellationToken)
    {
        var newest = await db.Set<BackupVerification>()
            .AsNoTracking()
            .OrderByDescending(v => v.StartTime)
            .ThenByDescending(v => v.VerificationId)
            .FirstOrDefaultAsync(cancellationToken);
        if (newest is null)
        {
            var first = await db.Set<Backup>().MinAsync(b => (Instant?)b.EndTime, cancellationToken);
            return first is { } taken && now - taken > BackupSchedule.VerifiedWithin
                ? ClauseFinding.Broken("Backups are taken, and none was ever restored.")
                : ClauseFinding.Unproven("No backup was restored yet.");
        }

        var age = now - newest.EndTime;
        var figures = newest
            .ReadFigures()
            .Select(f => (f.Key, f.Value))
            .Append(("age_minutes", (long)age.TotalMinutes))
            .Append(("problems", newest.Problems.Count))
            .ToArray();
        var seconds = newest.ReadFigures().GetValueOrDefault("recovery_milliseconds") / 1000.0;
        return newest.Outcome is VerificationOutcome.Failed
                ? ClauseFinding.Broken($"The newest trial of a restore failed: {newest.Problems[0]}", figures)
            : age > BackupSchedule.VerifiedWithin
                ? ClauseFinding.Broken($"The newest trial of a restore is {age.TotalHours:0} hours old.", figures)
            : ClauseFinding.Holds(
                $"A backup was restored {age.TotalHours:0} hours ago in {seconds:0.0} seconds, and every row, chain and key "
                    + "was there.",
                figures
            );
    }
}

/// <summary>
/// Clause RET-5: what leaves the log after twelve months leaves its backups in time. The log's months leave the database
/// early enough for the oldest backup.
/// </summary>
internal sealed class BackupRetentionCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "RET-5";

    public string Name => "log-in-backups";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => LookAsync(db, now, cancellationToken), cancellationToken);

    private static async Task<ClauseFinding> LookAsync(KalisecuDb db, Instant now, CancellationToken cancellationToken)
    {
        var oldest = await db.Set<Backup>()
            .Where(b => b.ExpireTime == null)
            .MinAsync(b => (Instant?)b.StartTime, cancellationToken);
        if (oldest is not { } taken)
        {
            return ClauseFinding.Unproven("No backup was taken yet.");
        }

        var days = (long)(now - taken).TotalDays;
        (string, long)[] figures = [("oldest_days", days), ("gone_after_days", BackupSchedule.GoneAfterDays)];
        return days >= BackupSchedule.GoneAfterDays
            ? ClauseFinding.Broken(
                $"The oldest backup is {days} days old: it holds months of the log past their twelve.",
                figures
            )
            : ClauseFinding.Holds(
                $"The oldest backup is {days} days old; all are gone after {BackupSchedule.GoneAfterDays}, before the "
                    + "log in them is older than twelve months.",
                figures
            );
    }
}
