using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Breaches;

internal enum BreachState
{
    Declared,
    Aware,
    Closed,
    Dismissed,
}

internal enum NotificationDecision
{
    Notify,
    NoRisk,
}

/// <summary>GDPR art. 34(1), and 34(3)(a), (b) and (c).</summary>
internal enum CommunicationDecision
{
    Tell,
    NoHighRisk,
    Protected,
    RiskAverted,
    Public,
}

/// <summary>
/// A personal data breach from its declaration to its closing (GDPR art. 33 and 34). It stands under the platform, for one
/// breach may concern many tenants; what was written about it is sealed with the platform's key. Its alarms stand in the other
/// half of this class.
/// </summary>
internal sealed partial class Breach
{
    private Breach() { }

    public Guid TenantId { get; private init; }

    public Guid BreachId { get; private init; }

    public BreachState State { get; private set; }

    /// <summary>An exercise: its letters reach nobody but us.</summary>
    public bool Drill { get; private init; }

    public byte[] Facts { get; private init; } = [];

    public byte[]? Circumstances { get; private init; }

    public Instant? OccurTime { get; private set; }

    public Instant? EndTime { get; private set; }

    public Instant DetectTime { get; private init; }

    public Instant CreateTime { get; private init; }

    /// <summary>Awareness is a decision, apart from occurrence and detection (EDPB guidelines 9/2022).</summary>
    public Instant? AwareTime { get; private set; }

    public byte[]? AwareGrounds { get; private set; }

    public Instant? DueTime { get; private set; }

    public string? RuleVersion { get; private set; }

    public byte[]? Assessment { get; private set; }

    public BreachRisk? Risk { get; private set; }

    public NotificationDecision? Decision { get; private set; }

    public byte[]? DecisionReasons { get; private set; }

    public CommunicationDecision? Communication { get; private set; }

    public byte[]? CommunicationReasons { get; private set; }

    public Instant? ReachTime { get; private set; }

    /// <summary>Which search it was; recipients of an earlier one stand for nobody.</summary>
    public int ReachNumber { get; private set; }

    public IReadOnlyList<string> ReachStores { get; private set; } = [];

    public IReadOnlyList<Guid> ReachTenantIds { get; private set; } = [];

    public int ReachClientCount { get; private set; }

    public int ReachPersonCount { get; private set; }

    public IReadOnlyList<string> ReachPersonKinds { get; private set; } = [];

    public IReadOnlyList<string> ReachCategories { get; private set; } = [];

    public Instant? PersonsTellTime { get; private set; }

    public byte[]? PersonsText { get; private set; }

    public Instant? ClientsTellTime { get; private set; }

    public byte[]? ClientsText { get; private set; }

    /// <summary>When the first notification was filed at the CNIL.</summary>
    public Instant? SubmitTime { get; private set; }

    /// <summary>Until when a complementary notification is aimed at; null when none is awaited.</summary>
    public Instant? ComplementDueTime { get; private set; }

    public Instant? CloseTime { get; private set; }

    public byte[]? Lessons { get; private set; }

    /// <summary>Moves with every change, also of an alarm: two who act at once are told.</summary>
    public Instant UpdateTime { get; private set; }

    public uint Version { get; private set; }

    /// <summary>A short name for letters: the random end of the identifier.</summary>
    public string Reference
    {
        get
        {
            var digits = BreachId.ToString("N").ToUpperInvariant();
            return $"{digits[^10..^5]}-{digits[^5..]}";
        }
    }

    public bool IsOpen => State is BreachState.Declared or BreachState.Aware;

    public static Breach Declare(BreachDraft draft, Sealing seal, Instant now)
    {
        var id = Ids.New(now);
        return new Breach
        {
            TenantId = TenantScope.Platform,
            BreachId = id,
            State = BreachState.Declared,
            Drill = draft.Drill,
            Facts = seal(draft.Facts, "facts", id) ?? [],
            Circumstances = seal(draft.Circumstances, "circumstances", id),
            OccurTime = Stored(draft.OccurTime),
            EndTime = Stored(draft.EndTime),
            DetectTime = Moment.Stored(draft.DetectTime),
            CreateTime = Moment.Stored(now),
            UpdateTime = Moment.Stored(now),
        };
    }

    /// <summary>The 72 hours run from here.</summary>
    public void BecomeAware(Instant awareTime, byte[]? grounds, Instant now)
    {
        RequireOpen();
        if (AwareTime is { } before)
        {
            throw BreachErrors.Aware(BreachId, before);
        }

        State = BreachState.Aware;
        AwareTime = Moment.Stored(awareTime);
        AwareGrounds = grounds;
        DueTime = new BreachClock(AwareTime.Value).Due;
        RuleVersion = BreachClock.RuleVersion;
        StartAlarms(Breaches.AlarmPhase.Initial, AwareTime.Value);
        Changed(now);
    }

    public void Assess(BreachRisk risk, byte[] assessment, Instant? occurTime, Instant? endTime, Instant now)
    {
        RequireAware();
        Assessment = assessment;
        Risk = risk;
        OccurTime = Stored(occurTime) ?? OccurTime;
        EndTime = Stored(endTime) ?? EndTime;
        Changed(now);
    }

    public void Decide(NotificationDecision decision, byte[]? reasons, Instant now)
    {
        RequireAssessed();
        // GDPR art. 33(1): unless the breach is unlikely to result in a risk.
        if (decision is NotificationDecision.NoRisk && Risk is not BreachRisk.Unlikely)
        {
            throw BreachErrors.RiskDemands(BreachId, Risk!.Value);
        }

        if (SubmitTime is { } submitted && decision is NotificationDecision.NoRisk)
        {
            throw BreachErrors.Notified(BreachId, submitted);
        }

        Decision = decision;
        DecisionReasons = reasons;
        if (decision is NotificationDecision.NoRisk)
        {
            StopAlarms();
        }
        else if (SubmitTime is null && AlarmPhase is null)
        {
            // Decided against before: only what is still to come alarms.
            StartAlarms(Breaches.AlarmPhase.Initial, now);
        }

        Changed(now);
    }

    /// <summary>The newest finished notification was filed.</summary>
    public void RecordFiling(BreachNotification notification, Instant now)
    {
        RequireOpen();
        var submitted = notification.SubmitTime!.Value;
        SubmitTime ??= submitted;
        if (notification.Complete)
        {
            ComplementDueTime = null;
            StopAlarms();
        }
        else if (ComplementDueTime is null)
        {
            ComplementDueTime = new BreachClock(submitted).Due;
            StartAlarms(Breaches.AlarmPhase.Complementary, submitted);
        }

        Changed(now);
    }

    public void DecideCommunication(CommunicationDecision communication, byte[]? reasons, Instant now)
    {
        RequireAssessed();
        if (PersonsTellTime is { } told)
        {
            throw BreachErrors.Told(BreachId, told);
        }

        if (communication is CommunicationDecision.NoHighRisk && Risk is BreachRisk.High)
        {
            throw BreachErrors.RiskDemands(BreachId, BreachRisk.High);
        }

        Communication = communication;
        CommunicationReasons = reasons;
        Changed(now);
    }

    /// <summary>Who is affected was looked for in the data.</summary>
    public void RecordReach(BreachReach reach, Instant now)
    {
        RequireSearchable();
        ReachTime = Moment.Stored(now);
        ReachNumber++;
        ReachStores = reach.Stores;
        ReachTenantIds = reach.TenantIds;
        ReachClientCount = reach.ClientCount;
        ReachPersonCount = reach.PersonCount;
        ReachPersonKinds = reach.PersonKinds;
        ReachCategories = reach.Categories;
        Changed(now);
    }

    /// <summary>What the search would be refused for, before it is made.</summary>
    public void RequireSearchable()
    {
        RequireAware();
        if ((PersonsTellTime ?? ClientsTellTime) is { } told)
        {
            throw BreachErrors.Told(BreachId, told);
        }
    }

    public void TellPersons(byte[]? text, Instant now)
    {
        RequireReach();
        if (Communication is not CommunicationDecision.Tell)
        {
            throw BreachErrors.NotDecided(BreachId, "communication");
        }

        if (PersonsTellTime is { } told)
        {
            throw BreachErrors.Told(BreachId, told);
        }

        PersonsTellTime = Moment.Stored(now);
        PersonsText = text;
        Changed(now);
    }

    public void TellClients(byte[]? text, Instant now)
    {
        RequireReach();
        if (ClientsTellTime is { } told)
        {
            throw BreachErrors.Told(BreachId, told);
        }

        ClientsTellTime = Moment.Stored(now);
        ClientsText = text;
        Changed(now);
    }

    /// <summary>The end; one of which nobody became aware is dismissed.</summary>
    /// <param name="waiting">Letters asked for and not written yet.</param>
    public void Close(byte[]? lessons, int waiting, Instant now)
    {
        RequireOpen();
        if (State is BreachState.Aware && Unfinished(waiting) is { Count: > 0 } unfinished)
        {
            throw BreachErrors.Unfinished(BreachId, unfinished);
        }

        State = State is BreachState.Aware ? BreachState.Closed : BreachState.Dismissed;
        CloseTime = Moment.Stored(now);
        Lessons = lessons;
        StopAlarms();
        Changed(now);
    }

    /// <summary>A file was finished.</summary>
    public void Touch(Instant now) => Changed(now);

    public void RequireOpen()
    {
        if (!IsOpen)
        {
            throw BreachErrors.Closed(BreachId, State);
        }
    }

    public void RequireAware()
    {
        RequireOpen();
        if (AwareTime is null)
        {
            throw BreachErrors.NotAware(BreachId);
        }
    }

    /// <summary>What a file for the CNIL needs: that it was decided to notify.</summary>
    public void RequireToNotify()
    {
        RequireAware();
        if (Decision is not NotificationDecision.Notify)
        {
            throw BreachErrors.NotDecided(BreachId, "notification");
        }
    }

    public bool IsLate(Instant at) =>
        DueTime < at && SubmitTime is null && Decision is not NotificationDecision.NoRisk && IsOpen;

    private List<string> Unfinished(int waiting)
    {
        (string Name, bool Done)[] steps =
        [
            ("assessment", Assessment is not null),
            ("decision", Decision is not null),
            ("notification", Decision is not NotificationDecision.Notify || SubmitTime is not null),
            ("complementary_notification", ComplementDueTime is null),
            ("communication", Communication is not null),
            ("reach", ReachTime is not null),
            ("persons_telling", Communication is not CommunicationDecision.Tell || PersonsTellTime is not null),
            ("clients_telling", ReachClientCount == 0 || ClientsTellTime is not null),
            ("letters", waiting == 0),
        ];
        return [.. steps.Where(s => !s.Done).Select(s => s.Name)];
    }

    private void RequireAssessed()
    {
        RequireAware();
        if (Assessment is null)
        {
            throw BreachErrors.NotAssessed(BreachId);
        }
    }

    private void RequireReach()
    {
        RequireAware();
        if (ReachTime is null)
        {
            throw BreachErrors.ReachMissing(BreachId);
        }
    }

    private void Changed(Instant now)
    {
        UpdateTime = Moment.Stored(now);
        SetAlarm();
    }

    private static Instant? Stored(Instant? moment) => moment is { } given ? Moment.Stored(given) : null;
}

/// <summary>Seals a text with the platform's key, bound to what it is and whose; nothing where there is none.</summary>
internal delegate byte[]? Sealing(string text, string what, Guid owner);
