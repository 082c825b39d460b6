using NodaTime;

namespace Kalisecu.Outbox;

/// <summary>A letter to be written.</summary>
/// <param name="OnceKey">Names the occasion within the tenant, such as <c>privacy_request/ID/acknowledgement</c>: the same key
/// writes once, however often it is tried.</param>
/// <param name="Kind">What it is, such as <c>privacy_request.acknowledgement</c>.</param>
/// <param name="PersonId">Whom it concerns, when it is a person of the registry.</param>
/// <param name="Recipient">An e-mail address.</param>
/// <param name="CauseType">The type of what caused it, such as <c>privacy_request</c>.</param>
/// <param name="NotBefore">The earliest moment to send; null for now.</param>
/// <param name="PersonTenantId">The person's tenant; null where it is the letter's own.</param>
/// <param name="Secret">What stands where the text has <see cref="LetterSecret.Mark"/>, in the sent letter alone.</param>
internal sealed record LetterDraft(
    string OnceKey,
    string Kind,
    LetterNature Nature,
    Guid? PersonId,
    string Recipient,
    Language Language,
    LetterText Text,
    string CauseType,
    Guid CauseId,
    Instant? NotBefore = null,
    Guid? PersonTenantId = null,
    LetterSecret? Secret = null
);

/// <summary>What a letter says.</summary>
internal sealed record LetterText(string Subject, string Plain, string? Html);

/// <summary>
/// Something that a letter brings and nobody else may read, such as the token of a one-time link. It is kept apart from the
/// text and only until the letter was sent: neither staff who read the letter nor a copy of it sees more than the mark.
/// </summary>
/// <param name="ExpireTime">When it is worth nothing any more: then the letter is not sent, and it is dropped.</param>
internal sealed record LetterSecret(string Value, Instant ExpireTime)
{
    /// <summary>Stands for it in the text.</summary>
    public const string Mark = "[secret]";
}
