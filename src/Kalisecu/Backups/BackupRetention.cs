using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Backups;

/// <summary>Which backups there were, and what their trials showed, proves that clause SEC-7 was kept.</summary>
internal sealed class BackupRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "backups",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the backup was removed from the repository",
            "backups"
        )
        {
            Start = "t.expire_time",
            Key = ["backup_id"],
            Owned = ["backup_verifications"],
        },
    ];
}
