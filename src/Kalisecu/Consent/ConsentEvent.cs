using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Consent;

internal enum ConsentEventKind
{
    Given,
    Refused,
    Withdrawn,
    Expired,
    Objected,

    /// <summary>An objection ended: staff overrode it on compelling grounds, or the person took it back.</summary>
    Resumed,
}

internal enum ConsentChannel
{
    Dashboard,
    Paper,
    Phone,
    Email,

    /// <summary>The link to unsubscribe in a letter of ours.</summary>
    Link,

    /// <summary>Nobody: the platform itself, when a consent ran out or staff overrode an objection.</summary>
    System,
}

/// <summary>What one person once said about one purpose; only ever added.</summary>
internal sealed class ConsentEvent
{
    private ConsentEvent() { }

    public Guid TenantId { get; private init; }

    public Guid EventId { get; private init; }

    public Guid PersonId { get; private init; }

    public string Purpose { get; private init; } = "";

    /// <summary>Among the events of this person and purpose, in the order of recording, without gap.</summary>
    public int Number { get; private init; }

    public ConsentEventKind Kind { get; private init; }

    public int TextVersion { get; private init; }

    public byte[] TextDigest { get; private init; } = [];

    public Language Language { get; private init; }

    public ConsentChannel Channel { get; private init; }

    public Instant EventTime { get; private init; }

    public Instant RecordTime { get; private init; }

    public Instant? ExpireTime { get; private init; }

    public string Actor { get; private init; } = "";

    public byte[] Digest { get; private init; } = [];

    /// <summary>
    /// What is to be recorded when a person says this. Null: the newest word said the same already, and a no repeated is
    /// still that no.
    /// </summary>
    public static ConsentEventKind? Resolve(ConsentEventKind said, PurposeVersion purpose, ConsentEvent? before)
    {
        if (said == ConsentEventKind.Objected)
        {
            // GDPR art. 21: legitimate interest, and direct marketing whatever it rests on.
            return purpose.LegalBasis is not (LegalBasis.LegitimateInterest or LegalBasis.Consent)
                    ? throw ConsentErrors.ObjectionNotPossible(purpose)
                : before?.Kind == ConsentEventKind.Objected ? null
                : said;
        }

        if (said == ConsentEventKind.Resumed)
        {
            // What rests on consent needs a consent anew.
            return purpose.LegalBasis is not LegalBasis.LegitimateInterest
                    ? throw ConsentErrors.ObjectionNotPossible(purpose)
                : before?.Kind == ConsentEventKind.Objected ? said
                : before is not null ? null
                : throw new InvalidOperationException("Only an objection can end.");
        }

        if (purpose.LegalBasis != LegalBasis.Consent)
        {
            throw ConsentErrors.NotTheBasis(purpose);
        }

        return (said, before?.Kind) switch
        {
            (ConsentEventKind.Refused, ConsentEventKind.Given) => ConsentEventKind.Withdrawn,
            (ConsentEventKind.Withdrawn, ConsentEventKind.Given) => ConsentEventKind.Withdrawn,
            // Whoever takes back what was never given says no, and is not turned away.
            (ConsentEventKind.Withdrawn, null) => ConsentEventKind.Refused,
            (ConsentEventKind.Withdrawn, _) => null,
            (ConsentEventKind.Expired, ConsentEventKind.Given) => ConsentEventKind.Expired,
            (ConsentEventKind.Expired, _) => null,
            (ConsentEventKind.Given or ConsentEventKind.Refused, _) => said,
            _ => throw new InvalidOperationException($"No consent event: {said}"),
        };
    }

    public static ConsentEvent Record(
        Guid tenantId,
        ConsentWord word,
        ConsentEventKind kind,
        PurposeVersion purpose,
        int number,
        string actor,
        Instant now
    )
    {
        var language = word.Language ?? Language.Fr;
        var said = Moment.Stored(word.EventTime ?? now);
        var unsigned = new ConsentEvent
        {
            TenantId = tenantId,
            EventId = Ids.New(now),
            PersonId = word.PersonId,
            Purpose = purpose.Purpose,
            Number = number,
            Kind = kind,
            TextVersion = purpose.Version,
            TextDigest = purpose.DigestIn(language),
            Language = language,
            Channel = word.Channel,
            EventTime = said,
            RecordTime = Moment.Stored(now),
            ExpireTime = kind == ConsentEventKind.Given ? purpose.ExpiryOf(said) : null,
            Actor = actor,
        };
        return unsigned.WithDigest();
    }

    /// <summary>Whether it is a consent that has run out by then.</summary>
    public bool HasExpiredAt(Instant moment) => Kind == ConsentEventKind.Given && ExpireTime <= moment;

    /// <summary>Recomputes the digest, which the chain of evidence holds too: one that differs was changed.</summary>
    public byte[] ComputeDigest()
    {
        var text = string.Join(
            '\n',
            TenantId.ToString("D"),
            EventId.ToString("D"),
            PersonId.ToString("D"),
            Purpose,
            Number.ToString(CultureInfo.InvariantCulture),
            Kind.ToString(),
            TextVersion.ToString(CultureInfo.InvariantCulture),
            Convert.ToHexStringLower(TextDigest),
            Language.ToString(),
            Channel.ToString(),
            InstantPattern.ExtendedIso.Format(EventTime),
            InstantPattern.ExtendedIso.Format(RecordTime),
            ExpireTime is { } expires ? InstantPattern.ExtendedIso.Format(expires) : "",
            Actor
        );
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    private ConsentEvent WithDigest() =>
        new()
        {
            TenantId = TenantId,
            EventId = EventId,
            PersonId = PersonId,
            Purpose = Purpose,
            Number = Number,
            Kind = Kind,
            TextVersion = TextVersion,
            TextDigest = TextDigest,
            Language = Language,
            Channel = Channel,
            EventTime = EventTime,
            RecordTime = RecordTime,
            ExpireTime = ExpireTime,
            Actor = Actor,
            Digest = ComputeDigest(),
        };
}
