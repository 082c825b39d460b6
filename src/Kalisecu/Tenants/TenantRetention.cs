using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Tenants;

/// <summary>The client and its people, its sites and what it allowed us to do.</summary>
internal sealed class TenantRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("clients", 1, RetentionRule.Contract, CalendarPeriod.ClientData, "the subscription ended", "tenants")
        {
            Action = KeepingAction.ForgetTenant,
            Start = "t.close_time",
            Condition = "t.state = 'Closed' and t.forget_time is null",
            Key = ["tenant_id"],
        },
        new(
            "forgotten-clients",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the client's data was deleted",
            "tenants"
        )
        {
            Start = "t.forget_time",
            Key = ["tenant_id"],
        },
        new(
            "removed-members",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the member was removed",
            "members"
        )
        {
            Action = KeepingAction.ForgetPersons,
            Start = "t.remove_time",
            Condition = "t.state = 'Removed'",
            PersonColumn = "member_id",
            Key = ["tenant_id", "member_id"],
        },
        new("members", 1, RetentionRule.Contract, CalendarPeriod.ClientData, "the subscription ended", "members")
        {
            Action = KeepingAction.DeleteWithTenant,
            PersonColumn = "member_id",
            Key = ["tenant_id", "member_id"],
        },
        new("sites", 1, RetentionRule.Contract, CalendarPeriod.ClientData, "the subscription ended", "sites")
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "site_id"],
        },
        new(
            "site-credentials",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "site_credentials"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "credential_id"],
        },
        new(
            "authorisations",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "authorisations"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            ObjectColumn = "document_object",
            Key = ["tenant_id", "authorisation_id"],
        },
        new(
            "authorisation-signers",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "authorisation_signers"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            PersonColumn = "person_id",
            Key = ["tenant_id", "authorisation_id"],
        },
    ];
}
