using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Reports;

/// <summary>Reports and the documents behind them.</summary>
internal sealed class ReportRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "reports",
            1,
            RetentionRule.TechnicalData,
            CalendarPeriod.TechnicalData,
            "the subscription ended",
            "reports"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            ObjectColumn = "object_name",
            Key = ["tenant_id", "report_id"],
        },
    ];
}
