using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Outbox;

/// <summary>Letters that were sent, or will never be; what the law demanded is proof that it was said.</summary>
internal sealed class LetterRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("letters", 1, RetentionRule.Logs, CalendarPeriod.Logs, "the letter was written", "letters")
        {
            Start = "t.create_time",
            Condition = "t.state <> 'Queued' and t.nature <> 'Required'",
            PersonColumn = "person_id",
            Key = ["tenant_id", "letter_id"],
        },
        new("required-letters", 1, RetentionRule.Proof, CalendarPeriod.Proof, "the letter was written", "letters")
        {
            Start = "t.create_time",
            Condition = "t.state <> 'Queued' and t.nature = 'Required'",
            PersonColumn = "person_id",
            Key = ["tenant_id", "letter_id"],
        },
        new(
            "letters-of-clients",
            1,
            RetentionRule.Contract,
            CalendarPeriod.ClientData,
            "the subscription ended",
            "letters"
        )
        {
            Action = KeepingAction.DeleteWithTenant,
            PersonColumn = "person_id",
            Key = ["tenant_id", "letter_id"],
        },
    ];
}
