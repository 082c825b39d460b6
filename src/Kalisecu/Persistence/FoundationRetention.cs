using Kalisecu.Time;

namespace Kalisecu.Persistence;

/// <summary>Tables of the foundations.</summary>
internal sealed class FoundationRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("repeats", 1, RetentionRule.Logs, CalendarPeriod.Repeats, "the change was made", "request_receipts")
        {
            Start = "t.create_time",
            PersonColumn = "person_id",
            IsHiddenFromServers = true,
            Key = ["tenant_id", "request_id"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["evidence_entries"] =
                "Evidence of what was done: counts and digests without content; it outlives what it speaks of.",
            ["evidence_heads"] = "The newest link of each chain of evidence: a number and a digest.",
            ["schema_changes"] = "The history of the migrations.",
        };
}
