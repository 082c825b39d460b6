using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.TestWorker;

/// <summary>
/// A clock that runs some hundred times as fast as the real one, the same in every process that knows its start: what the
/// environment variables say, else the real time. Waiting runs as fast as the clock.
/// </summary>
internal sealed class FastTime(Instant realStart, Instant start, double factor) : TimeProvider, IClock
{
    public const string RealStart = "TEST_CLOCK_REAL_START";
    public const string Start = "TEST_CLOCK_START";
    public const string Factor = "TEST_CLOCK_FACTOR";

    public static FastTime Read()
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        return new FastTime(
            Read(RealStart) ?? now,
            Read(Start) ?? now,
            double.Parse(Environment.GetEnvironmentVariable(Factor) ?? "1", CultureInfo.InvariantCulture)
        );
    }

    public Instant GetCurrentInstant() => start + ((SystemClock.Instance.GetCurrentInstant() - realStart) * factor);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => GetCurrentInstant().ToDateTimeOffset();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(this, System.CreateTimer(callback, state, Real(dueTime), Real(period)));

    private TimeSpan Real(TimeSpan fast) =>
        fast < TimeSpan.Zero ? fast : TimeSpan.FromMilliseconds(Math.Ceiling(fast.TotalMilliseconds / factor));

    private static Instant? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? InstantPattern.ExtendedIso.Parse(text).Value
            : null;

    private sealed class FastTimer(FastTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Real(dueTime), time.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
