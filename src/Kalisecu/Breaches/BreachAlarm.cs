using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

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

    public static BreachAlarm Of(Breach breach, DueAlarm due, Instant now) =>
        new()
        {
            TenantId = breach.TenantId,
            BreachId = breach.BreachId,
            Phase = due.Phase,
            Hours = due.Hours,
            AlarmTime = due.Time,
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
