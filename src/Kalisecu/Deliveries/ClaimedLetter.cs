using System.Security.Cryptography;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using MimeKit;
using MimeKit.Text;
using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>A letter that this process sends; what stands in it is still sealed.</summary>
internal sealed record ClaimedLetter(
    Guid TenantId,
    Guid LetterId,
    LetterNature Nature,
    LetterPerson? Person,
    SealedText Text,
    Language Language,
    LetterClaim Claim,
    bool IsRestricted,
    bool IsErased
)
{
    /// <summary>Why the person may not get it; null when nothing forbids it.</summary>
    public string? Forbidden() =>
        Nature is LetterNature.Required ? null
        : IsErased ? "person_erased"
        : IsRestricted ? "person_restricted"
        : null;

    /// <summary>Whether what it brings is worth nothing any more, so that nobody should get it.</summary>
    public bool IsTooLate => Text.Secret is { } secret && (secret.Value is null || secret.ExpireTime <= Claim.Time);

    /// <summary>
    /// The letter in clear. Its Message-ID is that of the letter: a relay or mailbox that has seen it knows it again, however
    /// often a process dies between sending and recording.
    /// </summary>
    /// <exception cref="CryptographicException">It was sealed with another key, or changed.</exception>
    /// <exception cref="FormatException">Its recipient is no address.</exception>
    /// <exception cref="Refusal">Its key was destroyed.</exception>
    public MimeMessage Open(KeyRing keys, MailboxAddress from)
    {
        var key = keys.For(TenantId);
        var message = new MimeMessage
        {
            MessageId = $"{LetterId:D}@{from.Domain}",
            Subject = key.DecryptText(Text.Subject, "subject", LetterId),
        };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(key.DecryptText(Text.Recipient, "recipient", LetterId)));
        // RFC 3834: out-of-office programs answer no letter that says so.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, Language is Language.Fr ? "fr" : "en");
        var secret = Text.Secret?.Value is { } hidden ? key.DecryptText(hidden, "secret", LetterId) : LetterSecret.Mark;
        var plain = new TextPart(TextFormat.Plain)
        {
            Text = Complete(key.DecryptText(Text.Plain, "text_body", LetterId)),
        };
        message.Body = Text.Html is { } html
            ? new MultipartAlternative(
                plain,
                new TextPart(TextFormat.Html) { Text = Complete(key.DecryptText(html, "html_body", LetterId)) }
            )
            : plain;
        return message;

        // Tokens have letters, digits, hyphen and underscore: they are the same in HTML.
        string Complete(string text) => text.Replace(LetterSecret.Mark, secret, StringComparison.Ordinal);
    }
}

/// <summary>Whom a letter goes to, in the tenant where that person is known.</summary>
internal sealed record LetterPerson(Guid TenantId, Guid PersonId);

/// <summary>Which claim of a letter this is: its moment tells it from a later one.</summary>
internal sealed record LetterClaim(Instant Time, int AttemptCount);

internal sealed record SealedText(byte[] Recipient, byte[] Subject, byte[] Plain, byte[]? Html, SealedSecret? Secret);

/// <summary>What the letter brings; null once it was dropped, because nobody could use it any more.</summary>
internal sealed record SealedSecret(byte[]? Value, Instant ExpireTime);
