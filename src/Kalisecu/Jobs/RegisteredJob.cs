using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>A job that workers offer, as the one that started last wrote it.</summary>
internal sealed class RegisteredJob
{
    private RegisteredJob() { }

    public string Job { get; private init; } = "";

    /// <summary>The role of the worker that has it.</summary>
    public string Worker { get; private init; } = "";

    public string Description { get; private init; } = "";

    public string Schedule { get; private init; } = "";

    public string ScheduleWords { get; private init; } = "";

    public Duration LateAfter { get; private init; }

    public Instant RegisterTime { get; private init; }

    /// <summary>The first scheduled time that no run has served well yet.</summary>
    public Instant ExpectedTime { get; private init; }

    public Instant? RetireTime { get; private init; }

    public Instant LateTime => ExpectedTime + LateAfter;

    public bool IsLate(Instant now) => RetireTime is null && now > LateTime;
}
