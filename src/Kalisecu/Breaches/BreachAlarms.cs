using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>What the alarms are about.</summary>
internal enum AlarmPhase
{
    /// <summary>The notification of GDPR art. 33(1).</summary>
    Initial,

    /// <summary>The rest of it, art. 33(4): an aim, so its alarms end with the 72 hours.</summary>
    Complementary,
}

/// <summary>The alarms of a breach. The worker looks at <see cref="NextAlarmTime"/> and at nothing else.</summary>
internal sealed partial class Breach
{
    private const int LastComplementaryAlarm = 72;

    public AlarmPhase? AlarmPhase { get; private set; }

    /// <summary>The next alarm, in hours since its clock started.</summary>
    public int? NextAlarmHours { get; private set; }

    /// <summary>When others are written to, unless somebody acknowledges before.</summary>
    public Instant? EscalateTime { get; private set; }

    /// <summary>When the worker has something to do; null when it has not.</summary>
    public Instant? NextAlarmTime { get; private set; }

    public bool IsClockRunning => AlarmPhase is Breaches.AlarmPhase.Initial;

    /// <summary>Every alarm that is due, oldest first: those that a stopped worker missed are made up one by one.</summary>
    /// <param name="escalateAfter">How long an alarm waits for somebody to acknowledge it.</param>
    public IReadOnlyList<BreachAlarm> TakeAlarms(Duration escalateAfter, Instant now)
    {
        var taken = new List<BreachAlarm>();
        while (NextAlarmHours is { } hours && Clock().At(hours) <= now)
        {
            taken.Add(BreachAlarm.Of(this, AlarmPhase!.Value, hours, Clock().At(hours), now));
            EscalateTime ??= Moment.Stored(now + escalateAfter);
            SetNext(Clock().AlarmAfter(hours));
        }

        if (taken.Count > 0)
        {
            Changed(now);
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

        EscalateTime = null;
        Changed(now);
        return true;
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

        EscalateTime = null;
        Changed(now);
    }

    private void StartAlarms(AlarmPhase phase, Instant after)
    {
        AlarmPhase = phase;
        EscalateTime = null;
        SetNext(Clock().AlarmAfter(after));
    }

    private void StopAlarms()
    {
        AlarmPhase = null;
        NextAlarmHours = null;
        EscalateTime = null;
    }

    private void SetNext(int hours)
    {
        if (AlarmPhase is Breaches.AlarmPhase.Complementary && hours > LastComplementaryAlarm)
        {
            AlarmPhase = null;
            NextAlarmHours = null;
        }
        else
        {
            NextAlarmHours = hours;
        }
    }

    private void SetAlarm()
    {
        var alarm = NextAlarmHours is { } hours ? Clock().At(hours) : (Instant?)null;
        NextAlarmTime = (alarm, EscalateTime) switch
        {
            ({ } one, { } other) => Instant.Min(one, other),
            var (one, other) => one ?? other,
        };
    }

    private BreachClock Clock() =>
        new(AlarmPhase is Breaches.AlarmPhase.Complementary ? SubmitTime!.Value : AwareTime!.Value);
}

/// <summary>One alarm that went.</summary>
internal sealed class BreachAlarm
{
    private BreachAlarm() { }

    public Guid TenantId { get; private init; }

    public Guid BreachId { get; private init; }

    public AlarmPhase Phase { get; private init; }

    public int Hours { get; private init; }

    public Instant AlarmTime { get; private init; }

    public Instant PostTime { get; private init; }

    public Instant? EscalateTime { get; private set; }

    public Instant? AcknowledgeTime { get; private set; }

    public string? AcknowledgeActor { get; private set; }

    public static BreachAlarm Of(Breach breach, AlarmPhase phase, int hours, Instant time, Instant now) =>
        new()
        {
            TenantId = breach.TenantId,
            BreachId = breach.BreachId,
            Phase = phase,
            Hours = hours,
            AlarmTime = time,
            PostTime = Moment.Stored(now),
        };

    /// <summary>Others were written to about it.</summary>
    public void Escalate(Instant now) => EscalateTime ??= Moment.Stored(now);

    public void Acknowledge(string actor, Instant now)
    {
        if (AcknowledgeTime is null)
        {
            AcknowledgeTime = Moment.Stored(now);
            AcknowledgeActor = actor;
        }
    }
}
