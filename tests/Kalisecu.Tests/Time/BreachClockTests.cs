using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Tests.Time;

public sealed class BreachClockTests
{
    // The Friday evening before Whit Monday, and nights on which the clocks change.
    public static TheoryData<string, string> Due =>
        new()
        {
            { "2026-05-22T17:20", "2026-05-25T17:20" },
            { "2026-03-27T17:20", "2026-03-30T18:20" },
            { "2026-10-23T17:20", "2026-10-26T16:20" },
            { "2026-12-31T23:59", "2027-01-03T23:59" },
            { "2028-02-27T08:00", "2028-03-01T08:00" },
        };

    [Theory]
    [MemberData(nameof(Due))]
    public void It_is_due_after_72_elapsed_hours(string aware, string due) =>
        Assert.Equal(InParis(due), new BreachClock(InParis(aware)).Due);

    [Fact]
    public void Alarms_go_at_their_hours_and_then_every_hour_after_72()
    {
        var clock = new BreachClock(InParis("2026-05-22T17:20"));
        var alarms = new List<int> { clock.AlarmAfter(InParis("2026-05-22T17:20"), 1) };
        while (alarms.Count < 8)
        {
            alarms.Add(clock.AlarmAfter(alarms[^1], 1));
        }

        Assert.Equal([24, 48, 60, 70, 73, 74, 75, 76], alarms);
    }

    [Fact]
    public void Reminders_go_at_the_same_hours_and_then_every_day_after_72()
    {
        var clock = new BreachClock(InParis("2026-05-22T17:20"));
        var reminders = new List<int> { clock.AlarmAfter(InParis("2026-05-22T17:20"), 24) };
        while (reminders.Count < 7)
        {
            reminders.Add(clock.AlarmAfter(reminders[^1], 24));
        }

        Assert.Equal([24, 48, 60, 70, 96, 120, 144], reminders);
        Assert.Equal(120, clock.AlarmAfter(InParis("2026-05-26T17:20"), 24));
        Assert.Equal(120, clock.AlarmAfter(InParis("2026-05-27T17:19"), 24));
    }

    [Theory]
    [InlineData("2026-03-28T05:00")]
    [InlineData("2026-10-24T05:00")]
    public void Alarms_are_exact_hours_apart_over_a_change_of_clock(string aware)
    {
        var start = InParis(aware);
        var clock = new BreachClock(start);

        Assert.All(
            Enumerable.Range(0, 200).Select(hours => (hours, moment: start + Duration.FromHours(hours))),
            at =>
            {
                var next = clock.AlarmAfter(at.moment, 1);
                Assert.Equal(Expected(at.hours), next);
                Assert.Equal(Duration.FromHours(next), clock.At(next) - start);
            }
        );
    }

    // Whatever the start and the moment: the next alarm lies after the moment, and no alarm lies between.
#pragma warning disable CA5394 // The same moments in every run: nothing here is a secret.
    [Fact]
    public void No_alarm_is_passed_over_from_any_moment()
    {
        var random = new Random(20260522);
        for (var i = 0; i < 20_000; i++)
        {
            var start = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromSeconds(random.Next(2 * 366 * 86_400));
            var moment = start + Duration.FromMilliseconds(random.Next(200 * 3_600_000));
            var clock = new BreachClock(start);

            var next = clock.AlarmAfter(moment, 1);

            Assert.True(clock.At(next) > moment);
            Assert.Equal(Expected((int)Math.Floor((moment - start).TotalHours)), next);
            Assert.Equal(Duration.FromHours(72), clock.Due - start);
        }
    }
#pragma warning restore CA5394

    [Theory]
    [InlineData("2026-05-22T17:20", "2026-05-25T18:00", "2026-05-28T00:00")]
    [InlineData("2026-05-22T17:00", "2026-05-25T18:00", "2026-05-28T00:00")]
    [InlineData("2026-06-09T10:30", "2026-06-12T11:00", "2026-06-12T11:00")]
    [InlineData("2026-12-24T20:00", "2026-12-27T21:00", "2026-12-30T00:00")]
    public void The_other_readings_are_later_and_for_information(string aware, string regulation, string workingDays)
    {
        var clock = new BreachClock(InParis(aware));

        Assert.Equal(InParis(regulation), clock.FromNextFullHour);
        Assert.Equal(InParis(workingDays), clock.WithTwoWorkingDays(FrenchHolidays.Metropolitan));
    }

    private static int Expected(int hoursPassed) =>
        hoursPassed switch
        {
            < 24 => 24,
            < 48 => 48,
            < 60 => 60,
            < 70 => 70,
            < 73 => 73,
            _ => hoursPassed + 1,
        };

    private static Instant InParis(string local) =>
        NodaTime
            .Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm")
            .Parse(local)
            .Value.InZoneStrictly(Paris.Zone)
            .ToInstant();
}
