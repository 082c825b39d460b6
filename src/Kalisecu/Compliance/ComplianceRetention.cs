using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Compliance;

/// <summary>What checks said proves that promises were kept.</summary>
internal sealed class ComplianceRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "clause-results",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the check said something else",
            "clause_results"
        )
        {
            Start = "t.end_time",
            Key = ["result_id"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["processors"] =
                "The register of processors (GDPR art. 28 and 30): companies, no persons, and every version of an entry stays.",
        };
}
