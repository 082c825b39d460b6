using CsCheck;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Tests.Time;

public sealed class ResponseClockTests
{
    private static readonly Gen<LocalDate> Days = Gen.Int[0, 6209].Select(new LocalDate(2024, 1, 1).PlusDays);

    private static readonly Gen<FrenchHolidays> Calendars = Gen.Bool.Select(isAlsatian =>
        isAlsatian ? new FrenchHolidays(HolidayRegion.AlsaceMoselle) : FrenchHolidays.Metropolitan
    );

    [Theory]
    [InlineData("2026-01-31", "2026-03-02")]
    [InlineData("2026-02-10", "2026-03-10")]
    [InlineData("2026-03-05", "2026-04-07")]
    [InlineData("2026-04-01", "2026-05-04")]
    [InlineData("2026-04-14", "2026-05-15")]
    [InlineData("2026-07-15", "2026-08-17")]
    [InlineData("2026-08-31", "2026-09-30")]
    [InlineData("2026-11-25", "2026-12-28")]
    public void An_answer_is_due_a_month_after_the_receipt(string received, string due) =>
        Assert.Equal(Day(due), Clock(received).Due);

    [Theory]
    [InlineData("2026-01-31", "2026-04-30")]
    [InlineData("2026-10-01", "2027-01-04")]
    public void An_extension_counts_three_months_from_the_receipt(string received, string due) =>
        Assert.Equal(Day(due), Clock(received).ExtendedDue);

    // 29 February 2028 is a Tuesday; in 2026 the month ends on Saturday the 28th.
    [Theory]
    [InlineData("2028-01-31", "2028-02-29")]
    [InlineData("2028-01-30", "2028-02-29")]
    [InlineData("2024-01-31", "2024-02-29")]
    public void The_last_of_January_of_a_leap_year_is_due_on_29_February(string received, string due) =>
        Assert.Equal(Day(due), Clock(received).Due);

    [Fact]
    public void Suspended_days_are_added_before_the_roll()
    {
        // Base Tue 2026-03-10; five days later is Sunday the 15th.
        Assert.Equal(Day("2026-03-16"), Clock("2026-02-10").DueAfter(5));
        Assert.Equal(Day("2026-03-10"), Clock("2026-02-10").Due);
    }

    [Fact]
    public void A_suspension_counts_the_days_from_the_question_to_the_answer()
    {
        var asked = new Suspension(Day("2026-02-12"), null);

        Assert.Equal(0, asked.DaysBy(Day("2026-02-12")));
        Assert.Equal(3, asked.DaysBy(Day("2026-02-15")));
        Assert.Equal(2, (asked with { Until = Day("2026-02-14") }).DaysBy(Day("2026-03-31")));
    }

    [Fact]
    public void An_extension_may_be_notified_until_midnight_in_Paris_and_not_a_minute_longer()
    {
        var clock = Clock("2026-02-10");
        var midnight = Instant.FromUtc(2026, 3, 10, 23, 0);

        Assert.Equal(midnight, Paris.EndOf(clock.Due));
        Assert.True(clock.MayExtendAt(midnight - Duration.FromMinutes(1)));
        Assert.False(clock.MayExtendAt(midnight));
        Assert.False(clock.MayExtendAt(midnight + Duration.FromMinutes(1)));
    }

    [Fact]
    public void Every_date_names_the_rule_that_gave_it() =>
        Assert.Equal("gdpr-12-3/1+fr-holidays/1", Clock("2026-02-10").RuleVersion);

    [Fact]
    public void Nothing_was_due_before_the_regulation_applied() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Clock("2018-05-24"));

    [Fact]
    public void Every_due_date_is_a_working_day() =>
        Gen.Select(Days, Calendars, Gen.Int[0, 90])
            .Sample(
                (received, holidays, days) =>
                {
                    var clock = new ResponseClock(received, holidays);
                    return WorkingDays.IsWorkingDay(clock.DueAfter(days), holidays)
                        && WorkingDays.IsWorkingDay(clock.ExtendedDueAfter(days), holidays);
                }
            );

    // The longest run of days off in a row: Good Friday to Easter Monday, or Christmas over a weekend and its second day.
    [Fact]
    public void A_roll_moves_forward_by_at_most_four_days_and_never_over_a_working_day() =>
        Gen.Select(Days, Calendars)
            .Sample(
                (day, holidays) =>
                {
                    var rolled = WorkingDays.Roll(day, holidays);
                    var skipped = Enumerable.Range(0, Period.DaysBetween(day, rolled)).Select(day.PlusDays).ToList();
                    return skipped.Count <= 4 && !skipped.Exists(d => WorkingDays.IsWorkingDay(d, holidays));
                }
            );

    [Fact]
    public void A_due_date_lies_in_the_month_after_the_receipt_or_rolls_out_of_it() =>
        Days.Sample(received =>
        {
            var clock = new ResponseClock(received, FrenchHolidays.Metropolitan);
            var days = Period.DaysBetween(received, clock.Due);
            var extended = Period.DaysBetween(received, clock.ExtendedDue);
            return days is >= 28 and <= 35 && extended is >= 89 and <= 96;
        });

    [Fact]
    public void A_later_receipt_is_never_due_earlier() =>
        Gen.Select(Days, Calendars)
            .Sample(
                (received, holidays) =>
                {
                    var today = new ResponseClock(received, holidays);
                    var tomorrow = new ResponseClock(received.PlusDays(1), holidays);
                    return today.Due <= tomorrow.Due && today.ExtendedDue <= tomorrow.ExtendedDue;
                }
            );

    [Fact]
    public void A_longer_suspension_never_makes_a_request_due_earlier() =>
        Gen.Select(Days, Gen.Int[0, 90])
            .Sample(
                (received, days) =>
                {
                    var clock = new ResponseClock(received, FrenchHolidays.Metropolitan);
                    return clock.DueAfter(days) <= clock.DueAfter(days + 1);
                }
            );

    [Fact]
    public void The_end_of_a_day_in_Paris_is_the_start_of_the_next() =>
        Days.Sample(day =>
            Paris.DateOf(Paris.EndOf(day)) == day.PlusDays(1)
            && Paris.DateOf(Paris.EndOf(day) - Duration.FromNanoseconds(1)) == day
            && (Paris.EndOf(day) - Paris.StartOf(day)).TotalHours is 23 or 24 or 25
        );

    private static ResponseClock Clock(string received) => new(Day(received), FrenchHolidays.Metropolitan);

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
