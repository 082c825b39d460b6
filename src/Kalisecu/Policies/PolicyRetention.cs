using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Policies;

/// <summary>Who was told of which version of the policy.</summary>
internal sealed class PolicyRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "policy-notices",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the letter about the version was written",
            "policy_notices"
        )
        {
            Start = "t.create_time",
            PersonColumn = "member_id",
            Key = ["tenant_id", "number", "member_id"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy_versions"] =
                "The policy as it was published: nothing about a person, and everybody may ask for every version.",
        };
}
