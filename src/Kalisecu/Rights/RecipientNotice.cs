using Kalisecu.Persistence;
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

    /// <summary>Names the letter; null where the register knows no address: staff tell this recipient by hand.</summary>
    public string? LetterKey { get; private init; }

    public Instant CreateTime { get; private init; }

    public static RecipientNotice Of(
        RightsCase rights,
        NoticeCause cause,
        Guid causeId,
        string recipient,
        string? letterKey,
        Instant now
    ) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            NoticeId = Ids.New(now),
            CauseType = cause,
            CauseId = causeId,
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            Recipient = recipient,
            LetterKey = letterKey,
            CreateTime = Moment.Stored(now),
        };
}
