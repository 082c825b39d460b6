using Kalisecu.Accounts;
using NodaTime;
using NodaTime.Testing;

namespace Kalisecu.Tests.Accounts;

public sealed class LockOutTests
{
    private static readonly LockOut Clean = new(0, null, null);

    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 1, 5, 9, 0));

    [Fact]
    public void The_fifth_failure_within_a_quarter_of_an_hour_locks_for_one()
    {
        var state = Fail(Clean, 4, Duration.FromMinutes(3));
        Assert.Null(state.LockedUntil);

        state = state.AfterFailure(_clock.GetCurrentInstant());

        Assert.Equal(_clock.GetCurrentInstant() + Duration.FromMinutes(15), state.LockedUntil);
        Assert.Equal(0, state.FailedCount);
    }

    [Fact]
    public void Failures_further_apart_start_counting_anew()
    {
        var state = Fail(Clean, 4, Duration.FromMinutes(1));
        _clock.Advance(Duration.FromMinutes(15));

        state = state.AfterFailure(_clock.GetCurrentInstant());

        Assert.Null(state.LockedUntil);
        Assert.Equal(1, state.FailedCount);
    }

    private LockOut Fail(LockOut state, int times, Duration apart)
    {
        for (var i = 0; i < times; i++)
        {
            state = state.AfterFailure(_clock.GetCurrentInstant());
            _clock.Advance(apart);
        }

        return state;
    }
}
