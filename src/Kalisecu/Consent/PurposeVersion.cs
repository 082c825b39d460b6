using System.Security.Cryptography;
using System.Text;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>One version of a purpose and of its texts. It never changes: events name it, and the digest of what was shown.</summary>
internal sealed class PurposeVersion
{
    private PurposeVersion() { }

    public string Purpose { get; private init; } = "";

    public int Version { get; private init; }

    public LegalBasis LegalBasis { get; private init; }

    public string TitleFr { get; private init; } = "";

    public string TextFr { get; private init; } = "";

    public string RetentionFr { get; private init; } = "";

    public byte[] DigestFr { get; private init; } = [];

    public string TitleEn { get; private init; } = "";

    public string TextEn { get; private init; } = "";

    public string RetentionEn { get; private init; } = "";

    public byte[] DigestEn { get; private init; } = [];

    public string[] DataCategories { get; private init; } = [];

    public string[] Recipients { get; private init; } = [];

    public int ConsentMonths { get; private init; }

    public Instant CreateTime { get; private init; }

    public string Actor { get; private init; } = "";

    /// <summary>The first version, or the one after <paramref name="newest"/>, which rests on the same.</summary>
    public static PurposeVersion After(PurposeVersion? newest, PurposeDraft draft, string actor, Instant now)
    {
        if (newest is not null && newest.LegalBasis != draft.LegalBasis)
        {
            throw PurposeErrors.BasisDiffers(newest.Purpose, newest.LegalBasis);
        }

        return new PurposeVersion
        {
            Purpose = draft.Purpose,
            Version = (newest?.Version ?? 0) + 1,
            LegalBasis = draft.LegalBasis,
            TitleFr = draft.French.Title,
            TextFr = draft.French.Text,
            RetentionFr = draft.French.Retention,
            DigestFr = draft.French.Digest(),
            TitleEn = draft.English.Title,
            TextEn = draft.English.Text,
            RetentionEn = draft.English.Retention,
            DigestEn = draft.English.Digest(),
            DataCategories = [.. draft.DataCategories],
            Recipients = [.. draft.Recipients],
            ConsentMonths = draft.ConsentMonths,
            CreateTime = Moment.Stored(now),
            Actor = actor,
        };
    }

    public PurposeText TextIn(Language language) =>
        language switch
        {
            Language.Fr => new PurposeText(TitleFr, TextFr, RetentionFr),
            Language.En => new PurposeText(TitleEn, TextEn, RetentionEn),
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    public byte[] DigestIn(Language language) =>
        language switch
        {
            Language.Fr => DigestFr,
            Language.En => DigestEn,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    /// <summary>Until when a consent that was given then holds; null until it is withdrawn.</summary>
    public Instant? ExpiryOf(Instant given) =>
        ConsentMonths == 0 ? null : given.InUtc().LocalDateTime.PlusMonths(ConsentMonths).InUtc().ToInstant();
}

/// <summary>What people are told in one language.</summary>
internal sealed record PurposeText(string Title, string Text, string Retention)
{
    /// <summary>Covers every word that is shown; the migration that seeds the purposes says the same in SQL.</summary>
    public byte[] Digest() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Title}\n{Text}\n{Retention}\n"));
}
