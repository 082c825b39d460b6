using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Findings;

/// <summary>Everything that was found is technical data.</summary>
internal sealed class FindingRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "findings",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "findings"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "finding_id"],
        },
        new(
            "finding-tools",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "finding_tools"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "finding_id", "tool"],
        },
        new(
            "finding-events",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "finding_events"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "finding_id", "event_id"],
        },
        new(
            "occurrences",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "occurrences"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Sealed = new SealedColumn("exchange", Occurrence.ExchangeIsA, "occurrence_id"),
            Key = ["tenant_id", "finding_id", "occurrence_id", "tool", "open_scan_id"],
        },
        new(
            "observations",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "observations"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "observation_id", "tool", "open_scan_id"],
        },
        new(
            "scan-places",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "scan_places"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "scan_id", "place"],
        },
        new(
            "scan-pushes",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "scan_pushes"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "scan_id"],
        },
    ];
}
