using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Persons;

/// <summary>Whoever turned to us, and what is left of whoever was forgotten.</summary>
internal sealed class PersonRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "prospects",
            1,
            RetentionRule.Prospect,
            CalendarPeriod.Prospects,
            "the last contact that came from the prospect",
            "persons"
        )
        {
            Action = KeepingAction.ForgetPersons,
            Start = "t.contact_time",
            Condition = "t.kind = 'Prospect' and t.erase_time is null",
            PersonColumn = "person_id",
            Key = ["tenant_id", "person_id"],
        },
        new(
            "contacts",
            1,
            RetentionRule.Prospect,
            CalendarPeriod.Prospects,
            "the last contact with somebody who belongs to no client",
            "persons"
        )
        {
            Action = KeepingAction.ForgetPersons,
            Start = "coalesce(t.contact_time, t.create_time)",
            Condition =
                "t.kind = 'Contact' and t.erase_time is null and t.tenant_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'",
            PersonColumn = "person_id",
            Key = ["tenant_id", "person_id"],
        },
        new(
            "persons-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "persons"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            Condition = "t.erase_time is null",
            Blanks =
                "email_hash = null, email = null, first_name = null, last_name = null, function = null, phone = null, "
                + "company_name = null, company_address = null, website_url = null, technologies = null, erase_time = $2",
            PersonColumn = "person_id",
            Key = ["tenant_id", "person_id"],
        },
        new("forgotten-persons", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the person was forgotten", "persons")
        {
            Start = "t.erase_time",
            PersonColumn = "person_id",
            Key = ["tenant_id", "person_id"],
        },
    ];
}
