using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Breaches;

/// <summary>The register of GDPR art. 33(5), by which the supervisory authority verifies what was done; exercises prove it too.</summary>
internal sealed class BreachRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("breaches", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the breach was closed", "breaches")
        {
            Start = "t.close_time",
            Owned = ["breach_recipients", "breach_notifications", "breach_alarms"],
            Key = ["tenant_id", "breach_id"],
        },
    ];
}
