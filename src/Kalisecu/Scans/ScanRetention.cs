using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Scans;

/// <summary>Scans are technical data.</summary>
internal sealed class ScanRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("scans", 1, RetentionRule.TechnicalData, CalendarPeriod.TechnicalData, "the subscription ended", "scans")
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "scan_id"],
        },
    ];
}
