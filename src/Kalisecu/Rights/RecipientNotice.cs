using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What a recipient of personal data has to be told of (GDPR art. 19).</summary>
internal enum NoticeCause
{
    Rectification,
    Erasure,
    Restriction,
}

/// <summary>That one recipient was told, or still has to be told by hand (without letter).</summary>
internal sealed class RecipientNotice
{
    private RecipientNotice() { }

    public Guid TenantId { get; private init; }

    public Guid NoticeId { get; private init; }

    public NoticeCause CauseType { get; private init; }

    public Guid CauseId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    /// <summary>The recipient's name in the register of sub-processors.</summary>
    public string Recipient { get; private init; } = "";

    /// <summary>Names the letter; null where none could be written: staff tell this recipient by hand.</summary>
    public string? LetterKey { get; private init; }

    public Instant CreateTime { get; private init; }

    /// <summary>The day on which staff told it by hand; null while nobody did.</summary>
    public LocalDate? ToldDate { get; private set; }

    public static RecipientNotice Of(
        RightsCase rights,
        NoticeFacts facts,
        string recipient,
        string? letterKey,
        Instant now
    ) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            NoticeId = Ids.New(now),
            CauseType = facts.Cause,
            CauseId = facts.CauseId,
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            Recipient = recipient,
            LetterKey = letterKey,
            CreateTime = Moment.Stored(now),
        };

    /// <summary>Staff told it: it had no letter, or its letter did not arrive.</summary>
    public void Tell(LocalDate date, Instant now)
    {
        if (ToldDate is { } told)
        {
            throw RightsErrors.RecipientTold(NoticeId, told);
        }

        if (date < Paris.DateOf(CreateTime) || date > Paris.DateOf(now))
        {
            throw GeneralErrors.InvalidRequest([
                new Violation("told_date", "must be a day from that of the notice to today"),
            ]);
        }

        ToldDate = date;
    }
}

/// <summary>What recipients are told.</summary>
/// <param name="CauseId">The rectification, restriction or erasure.</param>
/// <param name="KnownAs">The person's e-mail address, by which recipients know the person; empty where nobody can say.</param>
/// <param name="Changes">The correct values of a rectification.</param>
internal sealed record NoticeFacts(
    NoticeCause Cause,
    Guid CauseId,
    string KnownAs,
    IReadOnlyDictionary<PersonField, string> Changes
)
{
    public static NoticeFacts Of(NoticeCause cause, Guid causeId, string knownAs) =>
        new(cause, causeId, knownAs, new Dictionary<PersonField, string>());
}
