using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Accounts;

/// <summary>Sessions and credentials are what tells who signed in: they go like the log of it.</summary>
internal sealed class AccountRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("sessions", 1, RetentionRule.Logs, CalendarPeriod.Logs, "the session ended or ran out", "sessions")
        {
            Start = "coalesce(t.end_time, t.expire_time)",
            Key = ["tenant_id", "session_id"],
            PersonColumn = "person_id",
        },
        new("ended-credentials", 1, RetentionRule.Logs, CalendarPeriod.Logs, "the credential ended", "credentials")
        {
            Start = "t.end_time",
            Key = ["tenant_id", "person_id"],
            PersonColumn = "person_id",
        },
        new(
            "suspended-staff",
            1,
            RetentionRule.Employment,
            CalendarPeriod.Logs,
            "the account was suspended",
            "staff_accounts"
        )
        {
            Action = KeepingAction.ForgetPersons,
            Start = "t.suspend_time",
            Condition = "t.state = 'Suspended'",
            Key = ["account_id"],
            PersonColumn = "account_id",
        },
        new(
            "credentials-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "credentials"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "person_id"],
            PersonColumn = "person_id",
        },
        new(
            "sessions-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "sessions"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Key = ["tenant_id", "session_id"],
            PersonColumn = "person_id",
        },
    ];
}
