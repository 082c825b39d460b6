using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>What is kept beyond its time, because a court or an authority may ask for it: GDPR art. 17(3)(e) and 18(2).</summary>
internal sealed class LegalHold
{
    private LegalHold() { }

    public Guid HoldId { get; private init; }

    /// <summary>Whose data is held; the platform's identifier for what belongs to no client.</summary>
    public Guid HeldTenantId { get; private init; }

    /// <summary>Only what is about this person.</summary>
    public Guid? PersonId { get; private init; }

    /// <summary>Only what this rule ends.</summary>
    public string? Rule { get; private init; }

    /// <summary>Only this row of the rule: the last column of its key.</summary>
    public string? RowKey { get; private init; }

    /// <summary>Who answers for it: a staff account.</summary>
    public Guid OwnerId { get; private init; }

    /// <summary>The article that demands it.</summary>
    public string Article { get; private init; } = "";

    /// <summary>The case, by its number; never a name.</summary>
    public string Reference { get; private init; } = "";

    /// <summary>The last day on which nobody has to ask whether it is still needed.</summary>
    public LocalDate ReviewDate { get; private set; }

    public Instant PlaceTime { get; private init; }

    public string PlaceActor { get; private init; } = "";

    public Instant? ReviewTime { get; private set; }

    public Instant? ReleaseTime { get; private set; }

    public string? ReleaseActor { get; private set; }

    public static LegalHold Place(LegalHoldDraft draft, string actor, Instant now) =>
        new()
        {
            HoldId = Ids.New(now),
            HeldTenantId = draft.HeldTenantId,
            PersonId = draft.PersonId,
            Rule = draft.Rule,
            RowKey = draft.RowKey,
            OwnerId = draft.OwnerId,
            Article = draft.Article,
            Reference = draft.Reference,
            ReviewDate = draft.ReviewDate,
            PlaceTime = Moment.Stored(now),
            PlaceActor = actor,
        };

    /// <summary>Somebody asked, and it is still needed.</summary>
    public void Review(LocalDate next, Instant now)
    {
        RequireInForce();
        ReviewDate = next;
        ReviewTime = Moment.Stored(now);
    }

    /// <summary>What it held ends like everything else, with the next sweep.</summary>
    public void Release(string actor, Instant now)
    {
        RequireInForce();
        ReleaseTime = Moment.Stored(now);
        ReleaseActor = actor;
    }

    public bool IsReviewLate(Instant now) => ReleaseTime is null && Paris.DateOf(now) > ReviewDate;

    private void RequireInForce()
    {
        if (ReleaseTime is not null)
        {
            throw RetentionErrors.HoldReleased(this);
        }
    }
}

/// <summary>A hold that somebody wants, known to be valid.</summary>
internal sealed record LegalHoldDraft(
    Guid HeldTenantId,
    Guid? PersonId,
    string? Rule,
    string? RowKey,
    Guid OwnerId,
    string Article,
    string Reference,
    LocalDate ReviewDate
);
