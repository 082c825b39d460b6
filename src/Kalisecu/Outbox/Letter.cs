using Kalisecu.Keys;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Outbox;

/// <summary>Why a letter goes: it decides whether a restricted or objecting person still gets it.</summary>
internal enum LetterNature
{
    /// <summary>The law demands it: answers to requests, notices of breaches, of a restriction's end.</summary>
    Required,

    /// <summary>The contract asks for it: invitations, changes of the policy, reports that end.</summary>
    Service,

    /// <summary>Direct marketing: never to somebody who objected.</summary>
    Marketing,
}

internal enum LetterState
{
    Queued,
    Sent,
    Bounced,

    /// <summary>Not sent, because its person is restricted, erased or objected.</summary>
    Suppressed,

    /// <summary>Given up after the last attempt; staff look at it.</summary>
    Dead,
}

/// <summary>The languages of everything that clients and data subjects read.</summary>
internal enum Language
{
    Fr,
    En,
}

/// <summary>One letter to one recipient. Address and text are sealed.</summary>
internal sealed class Letter
{
    private Letter() { }

    public Guid TenantId { get; private init; }

    public Guid LetterId { get; private init; }

    /// <summary>Names the occasion: a second letter with the same key is never written.</summary>
    public string OnceKey { get; private init; } = "";

    public string Kind { get; private init; } = "";

    public LetterNature Nature { get; private init; }

    /// <summary>Where its person is known; another tenant than the letter's own where the platform writes to a client's people.</summary>
    public Guid? PersonTenantId { get; private init; }

    public Guid? PersonId { get; private init; }

    public byte[] Recipient { get; private init; } = [];

    public Language Language { get; private init; }

    public byte[] Subject { get; private init; } = [];

    public byte[] TextBody { get; private init; } = [];

    public byte[]? HtmlBody { get; private init; }

    /// <summary>What the sent letter has in place of <see cref="LetterSecret.Mark"/>; null once it was sent.</summary>
    public byte[]? Secret { get; private init; }

    public Instant? SecretExpireTime { get; private init; }

    public string CauseType { get; private init; } = "";

    public Guid CauseId { get; private init; }

    public LetterState State { get; private set; }

    public string? StateReason { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant NextTime { get; private set; }

    public int AttemptCount { get; private set; }

    public Instant? ClaimTime { get; private init; }

    public Instant? SendTime { get; private init; }

    public Instant? BounceTime { get; private set; }

    public static Letter Write(Guid tenantId, LetterDraft draft, DataKey key, Instant now)
    {
        var id = Ids.New(now);
        return new Letter
        {
            TenantId = tenantId,
            LetterId = id,
            OnceKey = draft.OnceKey,
            Kind = draft.Kind,
            Nature = draft.Nature,
            PersonTenantId = draft.PersonId is null ? null : draft.PersonTenantId ?? tenantId,
            PersonId = draft.PersonId,
            Recipient = key.EncryptText(draft.Recipient, "recipient", id),
            Language = draft.Language,
            Subject = key.EncryptText(draft.Text.Subject, "subject", id),
            TextBody = key.EncryptText(draft.Text.Plain, "text_body", id),
            HtmlBody = draft.Text.Html is { } html ? key.EncryptText(html, "html_body", id) : null,
            Secret = draft.Secret is { } secret ? key.EncryptText(secret.Value, "secret", id) : null,
            SecretExpireTime = draft.Secret is { } until ? Moment.Stored(until.ExpireTime) : null,
            CauseType = draft.CauseType,
            CauseId = draft.CauseId,
            State = LetterState.Queued,
            CreateTime = Moment.Stored(now),
            NextTime = Moment.Stored(draft.NotBefore ?? now),
        };
    }

    /// <summary>Sends it again, with all its attempts before it.</summary>
    public void Retry(Instant now)
    {
        if (State is not LetterState.Dead)
        {
            throw LetterErrors.NotDead(this);
        }

        State = LetterState.Queued;
        StateReason = null;
        AttemptCount = 0;
        NextTime = Moment.Stored(now);
    }

    /// <summary>It was taken and came back. A repeat changes nothing.</summary>
    /// <returns>Whether this is news.</returns>
    public bool Bounce(string reason, Instant now)
    {
        if (State is LetterState.Bounced)
        {
            return false;
        }

        if (State is not LetterState.Sent)
        {
            throw LetterErrors.NotSent(this);
        }

        State = LetterState.Bounced;
        StateReason = reason;
        BounceTime = Moment.Stored(now);
        return true;
    }
}
