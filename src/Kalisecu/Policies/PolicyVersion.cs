using System.Security.Cryptography;
using System.Text;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Policies;

internal enum PolicyState
{
    Draft,
    Published,
    Discarded,
}

/// <summary>One version of the privacy policy. Once published it never changes, and the database refuses it too.</summary>
internal sealed class PolicyVersion
{
    private PolicyVersion() { }

    public int Number { get; private init; }

    public PolicyState State { get; private set; }

    /// <summary>The first day on which it applies, in France.</summary>
    public LocalDate EffectDate { get; private set; }

    public bool Substantial { get; private set; }

    public string TextFr { get; private set; } = "";

    public string TextEn { get; private set; } = "";

    public string SummaryFr { get; private set; } = "";

    public string SummaryEn { get; private set; } = "";

    public string[] ClauseIds { get; private set; } = [];

    public Instant CreateTime { get; private init; }

    public Instant? PublishTime { get; private set; }

    public byte[]? Digest { get; private set; }

    /// <summary>How many members were written to when it was published.</summary>
    public int RecipientCount { get; private set; }

    public uint Version { get; private set; }

    public static PolicyVersion Create(int number, PolicyDraft draft, Instant now)
    {
        var version = new PolicyVersion
        {
            Number = number,
            State = PolicyState.Draft,
            CreateTime = Moment.Stored(now),
        };
        version.Take(draft);
        return version;
    }

    /// <summary>What it says now, to be changed field by field.</summary>
    public PolicyDraft Draft => new(EffectDate, Substantial, TextFr, TextEn, SummaryFr, SummaryEn, ClauseIds);

    public void Change(PolicyDraft draft)
    {
        RequireDraft();
        Take(draft);
    }

    public void Discard()
    {
        RequireDraft();
        State = PolicyState.Discarded;
    }

    /// <summary>Fixes what it says; from now on anybody can read it.</summary>
    public void Publish(int recipientCount, Instant now)
    {
        RequireDraft();
        State = PolicyState.Published;
        RecipientCount = recipientCount;
        PublishTime = Moment.Stored(now);
        Digest = ComputeDigest();
    }

    /// <summary>What the digest must be; another one means that a stored text was changed.</summary>
    public byte[] ComputeDigest() => SHA256.HashData(Encoding.UTF8.GetBytes(TextFr + '\0' + TextEn));

    public string Text(Language language) =>
        language switch
        {
            Language.Fr => TextFr,
            Language.En => TextEn,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    public string Summary(Language language) =>
        language switch
        {
            Language.Fr => SummaryFr,
            Language.En => SummaryEn,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    public void RequireDraft()
    {
        if (State != PolicyState.Draft)
        {
            throw PolicyErrors.NotDraft(this);
        }
    }

    private void Take(PolicyDraft draft)
    {
        (EffectDate, Substantial) = (draft.EffectDate, draft.Substantial);
        (TextFr, TextEn) = (draft.TextFr, draft.TextEn);
        (SummaryFr, SummaryEn) = (draft.SummaryFr, draft.SummaryEn);
        ClauseIds = [.. draft.ClauseIds];
    }
}

/// <summary>What a version should say, known to be valid.</summary>
internal sealed record PolicyDraft(
    LocalDate EffectDate,
    bool Substantial,
    string TextFr,
    string TextEn,
    string SummaryFr,
    string SummaryEn,
    IReadOnlyList<string> ClauseIds
);
