using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>Our clock, for libraries that ask for .NET's.</summary>
internal sealed class ClockTime(IClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetCurrentInstant().ToDateTimeOffset();
}
