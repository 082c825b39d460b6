using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.AccessLog;

/// <summary>Months of the access log leave as partitions.</summary>
internal sealed class AccessLogRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("access-log", 1, RetentionRule.Logs, CalendarPeriod.Logs, "the month began", "access_entries")
        {
            Action = KeepingAction.DropMonths,
            PersonColumn = "person_id",
            Months = new KeptMonths(AccessLogSql.ExpiredMonths, AccessLogSql.DropMonth, AccessLogSql.EnsurePartition),
            Key = ["tenant_id", "entry_time", "writer_id", "sequence"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["access_log_roots"] =
                "First and last link of each chain in each month: digests without content, so that the months after them still verify.",
        };
}
