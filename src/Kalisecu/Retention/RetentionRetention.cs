using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Retention;

/// <summary>Certificates and holds prove what was deleted and what was not.</summary>
internal sealed class RetentionRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("certificates", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the sweep ended", "retention_sweeps")
        {
            Start = "t.end_time",
            Key = ["sweep_id", "rule", "of_tenant_id"],
        },
        new(
            "archives",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.Archive,
            "the data was moved into the archive",
            "archives"
        )
        {
            Start = "t.write_time",
            Key = ["tenant_id", "archive_id"],
            ObjectColumn = "object_name",
            ObjectHasKey = true,
        },
        new("legal-holds", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the hold was released", "legal_holds")
        {
            Start = "t.release_time",
            Key = ["hold_id"],
        },
    ];
    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["retention_outlooks"] =
                "One row for each rule: how many rows it ends on which day, written anew by each sweep.",
        };
}
