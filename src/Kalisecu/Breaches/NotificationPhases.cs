using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Breaches;

internal enum NotificationDecision
{
    Notify,
    NoRisk,
}

/// <summary>What the alarms are about.</summary>
internal enum AlarmPhase
{
    /// <summary>The notification of GDPR art. 33(1).</summary>
    Initial,

    /// <summary>The rest of it, art. 33(4): its 72 hours are an aim, so people are reminded of it and not pressed.</summary>
    Complementary,
}

/// <summary>An alarm whose hour has come.</summary>
internal sealed record DueAlarm(AlarmPhase Phase, int Hours, Instant Time);

/// <summary>
/// What a breach owes the CNIL, phase by phase, and the alarms that press for it. The worker looks at
/// <see cref="NextAlarmTime"/> and at nothing else.
/// </summary>
internal sealed class NotificationPhases
{
    // After the 72 hours: each hour makes a first notification worse. A complementary one is owed for as long as it is not
    // filed, but an hourly letter about an aim would soon be read by nobody.
    private const int HourlyAlarms = 1;
    private const int DailyReminders = 24;

    /// <summary>Awareness is a decision, apart from occurrence and detection (EDPB guidelines 9/2022).</summary>
    public Instant? AwareTime { get; private set; }

    public Instant? DueTime { get; private set; }

    public string? RuleVersion { get; private set; }

    public NotificationDecision? Decision { get; private set; }

    public byte[]? DecisionReasons { get; private set; }

    /// <summary>When the first notification was filed at the CNIL.</summary>
    public Instant? SubmitTime { get; private set; }

    /// <summary>Until when a complementary notification is aimed at; null when none is awaited.</summary>
    public Instant? ComplementDueTime { get; private set; }

    public AlarmPhase? AlarmPhase { get; private set; }

    /// <summary>The next alarm, in hours since its clock started.</summary>
    public int? NextAlarmHours { get; private set; }

    /// <summary>When others are written to, unless somebody acknowledges before.</summary>
    public Instant? EscalateTime { get; private set; }

    /// <summary>When the worker has something to do; null when it has not.</summary>
    public Instant? NextAlarmTime { get; private set; }

    public bool IsClockRunning => AlarmPhase is Breaches.AlarmPhase.Initial;

    public bool IsOverdue(Instant at) =>
        DueTime < at && SubmitTime is null && Decision is not NotificationDecision.NoRisk;

    /// <summary>The 72 hours run from here.</summary>
    public void Begin(Instant awareTime)
    {
        AwareTime = Moment.Stored(awareTime);
        DueTime = new BreachClock(AwareTime.Value).Due;
        RuleVersion = BreachClock.RuleVersion;
        Start(Breaches.AlarmPhase.Initial, AwareTime.Value);
    }

    public void Decide(Guid breachId, NotificationDecision decision, byte[]? reasons, Instant now)
    {
        if (SubmitTime is { } submitted && decision is NotificationDecision.NoRisk)
        {
            throw BreachErrors.Notified(breachId, submitted);
        }

        Decision = decision;
        DecisionReasons = reasons;
        if (decision is NotificationDecision.NoRisk)
        {
            Stop();
        }
        else if (SubmitTime is null && AlarmPhase is null)
        {
            // Decided against before: only what is still to come alarms.
            Start(Breaches.AlarmPhase.Initial, now);
        }
    }

    /// <summary>A notification was filed.</summary>
    /// <param name="complete">Nothing is to follow it.</param>
    public void RecordFiling(Instant submitTime, bool complete)
    {
        SubmitTime ??= submitTime;
        if (complete)
        {
            ComplementDueTime = null;
            Stop();
        }
        else if (ComplementDueTime is null)
        {
            ComplementDueTime = new BreachClock(submitTime).Due;
            Start(Breaches.AlarmPhase.Complementary, submitTime);
        }
    }

    /// <summary>Every alarm that is due, oldest first: those that a stopped worker missed are made up one by one.</summary>
    /// <param name="escalateAfter">How long an alarm waits for somebody to acknowledge it.</param>
    public IReadOnlyList<DueAlarm> TakeAlarms(Duration escalateAfter, Instant now)
    {
        var taken = new List<DueAlarm>();
        while (NextAlarmHours is { } hours && Clock().At(hours) <= now)
        {
            taken.Add(new DueAlarm(AlarmPhase!.Value, hours, Clock().At(hours)));
            EscalateTime ??= Moment.Stored(now + escalateAfter);
            SetNext(Clock().AlarmAfter(hours, EveryHours));
        }

        return taken;
    }

    /// <summary>Whether nobody acknowledged in time; asked once for each time.</summary>
    public bool TakeEscalation(Instant now)
    {
        if (EscalateTime is not { } time || time > now)
        {
            return false;
        }

        Acknowledge();
        return true;
    }

    /// <summary>Nobody else needs to be written to about the alarms so far.</summary>
    public void Acknowledge()
    {
        EscalateTime = null;
        SetTime();
    }

    /// <summary>No alarm comes any more.</summary>
    public void Stop()
    {
        AlarmPhase = null;
        NextAlarmHours = null;
        Acknowledge();
    }

    public IEnumerable<string> Unfinished()
    {
        (string Name, bool Done)[] steps =
        [
            ("decision", Decision is not null),
            ("notification", Decision is not NotificationDecision.Notify || SubmitTime is not null),
            ("complementary_notification", ComplementDueTime is null),
        ];
        return steps.Where(s => !s.Done).Select(s => s.Name);
    }

    private void Start(AlarmPhase phase, Instant after)
    {
        AlarmPhase = phase;
        EscalateTime = null;
        SetNext(Clock().AlarmAfter(after, EveryHours));
    }

    private void SetNext(int hours)
    {
        NextAlarmHours = hours;
        SetTime();
    }

    private void SetTime()
    {
        var alarm = NextAlarmHours is { } hours ? Clock().At(hours) : (Instant?)null;
        NextAlarmTime = (alarm, EscalateTime) switch
        {
            ({ } one, { } other) => Instant.Min(one, other),
            var (one, other) => one ?? other,
        };
    }

    private int EveryHours => AlarmPhase is Breaches.AlarmPhase.Complementary ? DailyReminders : HourlyAlarms;

    private BreachClock Clock() =>
        new((AlarmPhase is Breaches.AlarmPhase.Complementary ? SubmitTime : AwareTime)!.Value);
}
