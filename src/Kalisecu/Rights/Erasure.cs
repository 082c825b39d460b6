using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

internal enum ErasureState
{
    /// <summary>What would go and what would stay is written down; staff read it.</summary>
    Planned,

    /// <summary>Given up before anything was erased, approved or not.</summary>
    Cancelled,

    /// <summary>Waits for a worker.</summary>
    Approved,

    /// <summary>A worker has begun; whatever happens, it is carried on until every store has acknowledged.</summary>
    Running,

    /// <summary>Every store has acknowledged.</summary>
    Completed,
}

/// <summary>The erasure of one person in one tenant (GDPR art. 17).</summary>
internal sealed class Erasure
{
    // A store that fails is asked again soon, then ever more rarely: a fault that lasts needs a person, not more load.
    private static readonly Duration FirstDelay = Duration.FromMinutes(1);
    private static readonly Duration LongestDelay = Duration.FromHours(6);

    // How soon one that waits for a restriction or a hold is looked at again.
    private static readonly Duration HeldDelay = Duration.FromHours(1);

    private Erasure() { }

    public Guid TenantId { get; private init; }

    public Guid ErasureId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    public ErasureState State { get; private set; }

    /// <summary>Whether it repeats, on a restored database, an erasure that the person was told of before.</summary>
    public bool IsReplay { get; private set; }

    public Instant PlanTime { get; private init; }

    /// <summary>Who planned it: somebody else approves it.</summary>
    public string PlanActor { get; private init; } = "";

    public string? ApproveActor { get; private set; }

    public Instant? ApproveTime { get; private set; }

    public Instant? BeginTime { get; private set; }

    public Instant? CompleteTime { get; private set; }

    /// <summary>When a worker may take it.</summary>
    public Instant? NextTime { get; private set; }

    public Guid? ClaimId { get; private set; }

    public Instant? ClaimExpireTime { get; private set; }

    /// <summary>How often it ended before every store had acknowledged.</summary>
    public int AttemptCount { get; private set; }

    public string? FailedStore { get; private set; }

    public uint Version { get; private set; }

    public PersonRef Person => new(TenantId, PersonId, PersonKind);

    /// <summary>Whether nothing was erased yet and nobody was promised it before: it can be given up, and it can wait.</summary>
    public bool IsStillUndone => BeginTime is null && !IsReplay;

    public static Erasure Plan(RightsCase rights, Instant now) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            ErasureId = Ids.New(now),
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            PersonKind = rights.Person.Kind,
            State = ErasureState.Planned,
            PlanTime = Moment.Stored(now),
            PlanActor = rights.Actor,
        };

    /// <summary>What the journal tells a database that does not know of it: it was approved, and it is due at once.</summary>
    public static Erasure Replay(JournalEntry entry, Instant now) =>
        new()
        {
            TenantId = entry.Person.TenantId,
            ErasureId = entry.ErasureId,
            PrivacyRequestId = entry.PrivacyRequestId,
            PersonId = entry.Person.PersonId,
            PersonKind = entry.Person.Kind,
            State = ErasureState.Approved,
            IsReplay = true,
            PlanTime = Moment.Stored(now),
            PlanActor = ErasureSteps.Actor,
            ApproveActor = ErasureSteps.Actor,
            ApproveTime = Moment.Stored(now),
            NextTime = Moment.Stored(now),
        };

    /// <summary>What cannot be undone takes two.</summary>
    public void Approve(string actor, Instant now)
    {
        Demand(ErasureState.Planned);
        if (string.Equals(actor, PlanActor, StringComparison.Ordinal))
        {
            throw RightsErrors.NeedsSecondPerson(ErasureId);
        }

        ApproveActor = actor;
        State = ErasureState.Approved;
        ApproveTime = NextTime = Moment.Stored(now);
    }

    public void Cancel()
    {
        Demand(ErasureState.Planned);
        State = ErasureState.Cancelled;
    }

    /// <summary>Its request ended: what was not begun does not happen.</summary>
    public void GiveUp()
    {
        if (State is not (ErasureState.Planned or ErasureState.Approved) || !IsStillUndone)
        {
            throw RightsErrors.ErasureState(ErasureId, State);
        }

        State = ErasureState.Cancelled;
        NextTime = null;
    }

    /// <summary>A worker takes it, or takes it over.</summary>
    public void Begin(Guid claimId, Instant now, Instant until)
    {
        if (State is not (ErasureState.Approved or ErasureState.Running))
        {
            throw RightsErrors.ErasureState(ErasureId, State);
        }

        State = ErasureState.Running;
        BeginTime ??= Moment.Stored(now);
        (ClaimId, ClaimExpireTime) = (claimId, Moment.Stored(until));
    }

    /// <summary>Something holds the person's data: it is looked at again later.</summary>
    public void Wait(Instant now)
    {
        Demand(ErasureState.Approved);
        NextTime = Moment.Stored(now + HeldDelay);
    }

    /// <summary>Not all stores have acknowledged: what is missing is tried again later.</summary>
    public void Postpone(string? failedStore, Instant now)
    {
        Demand(ErasureState.Running);
        FailedStore = failedStore;
        NextTime = Moment.Stored(now + DelayAfter(++AttemptCount));
        Release();
    }

    public void Complete(Instant now)
    {
        Demand(ErasureState.Running);
        State = ErasureState.Completed;
        CompleteTime = Moment.Stored(now);
        NextTime = null;
        FailedStore = null;
        Release();
    }

    /// <summary>A restored database knows it from before its end: it is due at once, and nobody is written to again.</summary>
    public void RunAgain(Instant now)
    {
        if (State is ErasureState.Completed)
        {
            throw RightsErrors.ErasureState(ErasureId, State);
        }

        IsReplay = true;
        ApproveTime ??= Moment.Stored(now);
        ApproveActor ??= ErasureSteps.Actor;
        State = BeginTime is null ? ErasureState.Approved : ErasureState.Running;
        NextTime = Moment.Stored(now);
        Release();
    }

    internal static Duration DelayAfter(int attempts)
    {
        var delay = FirstDelay * (1L << Math.Min(attempts - 1, 16));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private void Release()
    {
        ClaimId = null;
        ClaimExpireTime = null;
    }

    private void Demand(ErasureState state)
    {
        if (State != state)
        {
            throw RightsErrors.ErasureState(ErasureId, State);
        }
    }
}
