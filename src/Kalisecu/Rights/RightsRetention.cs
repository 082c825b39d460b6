using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Rights;

/// <summary>What was done for the rights of persons is proof of it; copies of data have expired long before.</summary>
internal sealed class RightsRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("data-exports", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the copy expired", "data_exports")
        {
            Start = "coalesce(t.remove_time, t.expire_time)",
            Owned = ["export_links"],
            ObjectColumn = "object_name",
            PersonColumn = "person_id",
            Key = ["tenant_id", "export_id"],
        },
        new(
            "data-exports-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "data_exports"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Owned = ["export_links"],
            ObjectColumn = "object_name",
            PersonColumn = "person_id",
            Key = ["tenant_id", "export_id"],
        },
        new(
            "rectified-fields",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the field was corrected",
            "rectified_fields"
        )
        {
            Start = "t.create_time",
            PersonColumn = "person_id",
            Key = ["tenant_id", "rectification_id", "field"],
        },
        new("restrictions", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the restriction was lifted", "restrictions")
        {
            Start = "t.lift_time",
            PersonColumn = "person_id",
            Key = ["tenant_id", "restriction_id"],
        },
        new("objections", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the objection was decided", "objections")
        {
            Start = "t.decide_time",
            PersonColumn = "person_id",
            Key = ["tenant_id", "objection_id"],
        },
        new(
            "objections-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "objections"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            PersonColumn = "person_id",
            Key = ["tenant_id", "objection_id"],
        },
        new(
            "recipient-notices",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the recipient was told",
            "recipient_notices"
        )
        {
            Start = "t.create_time",
            PersonColumn = "person_id",
            Key = ["tenant_id", "notice_id"],
        },
        new(
            "erasures",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the erasure was completed or cancelled",
            "erasures"
        )
        {
            Start = "case t.state when 'Completed' then t.complete_time when 'Cancelled' then t.plan_time end",
            Owned = ["erasure_steps"],
            PersonColumn = "person_id",
            Key = ["tenant_id", "erasure_id"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["erasure_journal_marks"] =
                "One row that says how far the journal of erasures is known: a number and a digest.",
        };
}
