using Kalisecu.Jobs;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>When backups are taken and verified, and how long they are kept.</summary>
internal static class BackupSchedule
{
    public const string FullJob = "take-full-backup";
    public const string IncrementalJob = "take-incremental-backup";
    public const string VerifyJob = "verify-backup";

    /// <summary>A full backup is taken so often.</summary>
    public const int FullEveryDays = 7;

    /// <summary>
    /// Clause RET-5 holds for backups too: twelve months for all. The log leaves the database when a month is eleven months
    /// old, and the shortest month has this many days: what the last backup before that holds must be gone by then.
    /// </summary>
    public const int GoneAfterDays = 28;

    /// <summary>
    /// pgBackRest removes a full backup only when a newer one is this old as well, so that the oldest grows as old as this and
    /// the time between two; one day more for a backup that is late.
    /// </summary>
    public const int KeepDays = GoneAfterDays - FullEveryDays - 1;

    /// <summary>What is lost at most when the machine is: PostgreSQL archives its log at least this often.</summary>
    public const int LosesAtMostSeconds = 60;

    /// <summary>A day, and time to be late in: beyond it nobody knows whether a restore would work.</summary>
    public static readonly Duration VerifiedWithin = Duration.FromHours(30);

    public static Schedule Full { get; } = new("0 20 1 ? * SUN", "every Sunday at 01:20 in France");

    public static Schedule Incremental { get; } = Schedule.Hourly(40);

    public static Schedule Verify { get; } = Schedule.Daily(4, 20);

    /// <summary>How old the newest backup may be before the hourly job takes another.</summary>
    public static readonly Duration IncrementalEvery = Duration.FromHours(24);
}
