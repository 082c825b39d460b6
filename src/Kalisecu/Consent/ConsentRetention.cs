using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Consent;

/// <summary>What somebody said is proof as long as the person is known, and five years more.</summary>
internal sealed class ConsentRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "consent-events",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the person was forgotten",
            "consent_events"
        )
        {
            Start =
                "(select p.erase_time from persons p where p.tenant_id = t.tenant_id and p.person_id = t.person_id)",
            PersonColumn = "person_id",
            IsHiddenFromServers = true,
            Key = ["tenant_id", "event_id"],
        },
        new(
            "consent-states",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the person was forgotten",
            "consent_states"
        )
        {
            Start =
                "(select p.erase_time from persons p where p.tenant_id = t.tenant_id and p.person_id = t.person_id)",
            PersonColumn = "person_id",
            IsHiddenFromServers = true,
            Key = ["tenant_id", "person_id", "purpose"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["purpose_versions"] = "The published wordings of purposes: nothing about a person, and events name them.",
        };
}
