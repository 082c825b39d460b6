using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Breaches;

internal enum BreachState
{
    Declared,
    Aware,
    Closed,
    Dismissed,
}

/// <summary>
/// A personal data breach from its declaration to its closing (GDPR art. 33 and 34). It stands under the platform, for one
/// breach may concern many tenants; what was written about it is sealed with the platform's key.
/// </summary>
internal sealed class Breach
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

    public byte[]? AwareGrounds { get; private set; }

    public byte[]? Assessment { get; private set; }

    public BreachRisk? Risk { get; private set; }

    public NotificationPhases Phases { get; private init; } = new();

    public BreachTelling Telling { get; private init; } = new();

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

    public void BecomeAware(Instant awareTime, byte[]? grounds, Instant now)
    {
        RequireOpen();
        if (Phases.AwareTime is { } before)
        {
            throw BreachErrors.Aware(BreachId, before);
        }

        State = BreachState.Aware;
        AwareGrounds = grounds;
        Phases.Begin(awareTime);
        Touch(now);
    }

    public void Assess(BreachRisk risk, byte[] assessment, Instant? occurTime, Instant? endTime, Instant now)
    {
        RequireAware();
        Assessment = assessment;
        Risk = risk;
        OccurTime = Stored(occurTime) ?? OccurTime;
        EndTime = Stored(endTime) ?? EndTime;
        Touch(now);
    }

    public void Decide(NotificationDecision decision, byte[]? reasons, Instant now)
    {
        RequireAssessed();
        // GDPR art. 33(1): unless the breach is unlikely to result in a risk.
        if (decision is NotificationDecision.NoRisk && Risk is not BreachRisk.Unlikely)
        {
            throw BreachErrors.RiskDemands(BreachId, Risk!.Value);
        }

        Phases.Decide(BreachId, decision, reasons, now);
        Touch(now);
    }

    /// <summary>The newest finished notification was filed.</summary>
    public void RecordFiling(BreachNotification notification, Instant now)
    {
        RequireOpen();
        Phases.RecordFiling(notification.SubmitTime!.Value, notification.Complete);
        Touch(now);
    }

    public void DecideCommunication(CommunicationDecision communication, byte[]? reasons, Instant now)
    {
        RequireAssessed();
        Telling.Decide(BreachId, communication, Risk!.Value, reasons);
        Touch(now);
    }

    /// <summary>What the search would be refused for, before it is made.</summary>
    public void RequireSearchable()
    {
        RequireAware();
        Telling.RequireSearchable(BreachId);
    }

    /// <summary>Who is affected was looked for in the data.</summary>
    public void RecordReach(BreachReach reach, Instant now)
    {
        RequireAware();
        Telling.RecordReach(BreachId, reach, now);
        Touch(now);
    }

    public void TellPersons(byte[]? text, Instant now)
    {
        RequireAware();
        Telling.TellPersons(BreachId, text, now);
        Touch(now);
    }

    public void TellClients(byte[]? text, Instant now)
    {
        RequireAware();
        Telling.TellClients(BreachId, text, now);
        Touch(now);
    }

    /// <summary>Every alarm that is due, oldest first.</summary>
    /// <param name="escalateAfter">How long an alarm waits for somebody to acknowledge it.</param>
    public IReadOnlyList<BreachAlarm> TakeAlarms(Duration escalateAfter, Instant now)
    {
        var due = Phases.TakeAlarms(escalateAfter, now);
        if (due.Count > 0)
        {
            Touch(now);
        }

        return [.. due.Select(alarm => BreachAlarm.Of(this, alarm, now))];
    }

    /// <summary>Whether nobody acknowledged in time; asked once for each time.</summary>
    public bool TakeEscalation(Instant now)
    {
        var taken = Phases.TakeEscalation(now);
        if (taken)
        {
            Touch(now);
        }

        return taken;
    }

    /// <summary>Somebody works on it.</summary>
    /// <param name="alarms">All alarms so far.</param>
    public void Acknowledge(IReadOnlyCollection<BreachAlarm> alarms, string actor, Instant now)
    {
        RequireOpen();
        if (alarms.Count == 0)
        {
            throw BreachErrors.NoAlarm(BreachId);
        }

        foreach (var alarm in alarms)
        {
            alarm.Acknowledge(actor, now);
        }

        Phases.Acknowledge();
        Touch(now);
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
        Phases.Stop();
        Touch(now);
    }

    /// <summary>Something of it changed, be it in a row beside it.</summary>
    public void Touch(Instant now) => UpdateTime = Moment.Stored(now);

    public void RequireOpen()
    {
        if (!IsOpen)
        {
            throw BreachErrors.Closed(BreachId, State);
        }
    }

    /// <summary>What a file for the CNIL needs: that it was decided to notify.</summary>
    public void RequireToNotify()
    {
        RequireAware();
        if (Phases.Decision is not NotificationDecision.Notify)
        {
            throw BreachErrors.NotDecided(BreachId, "notification");
        }
    }

    public bool IsLate(Instant at) => IsOpen && Phases.IsOverdue(at);

    private void RequireAware()
    {
        RequireOpen();
        if (Phases.AwareTime is null)
        {
            throw BreachErrors.NotAware(BreachId);
        }
    }

    private void RequireAssessed()
    {
        RequireAware();
        if (Assessment is null)
        {
            throw BreachErrors.NotAssessed(BreachId);
        }
    }

    private List<string> Unfinished(int waiting) =>
        [.. Assessment is null ? ["assessment"] : (string[])[], .. Phases.Unfinished(), .. Telling.Unfinished(waiting)];

    private static Instant? Stored(Instant? moment) => moment is { } given ? Moment.Stored(given) : null;
}

/// <summary>Seals a text with the platform's key, bound to what it is and whose; nothing where there is none.</summary>
internal delegate byte[]? Sealing(string text, string what, Guid owner);
