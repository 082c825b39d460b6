using CsCheck;
using Kalisecu.PrivacyRequests;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Tests.PrivacyRequests;

public sealed class RequestAlarmsTests
{
    private static readonly LocalDate Due = new(2026, 3, 10);

    [Fact]
    public void Somebody_is_reminded_before_the_date_and_on_it_and_alarmed_after_it()
    {
        var moment = Paris.StartOf(new LocalDate(2026, 2, 10));
        var alarms = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var next = RequestAlarms.NextAfter(moment, Due, suspendedDue: null);
            alarms.Add($"{next.Time.InZone(Paris.Zone).LocalDateTime:uuuu-MM-dd HH:mm} {next.IsOverdue}");
            moment = next.Time;
        }

        Assert.Equal(
            [
                "2026-02-28 08:00 False",
                "2026-03-07 08:00 False",
                "2026-03-09 08:00 False",
                "2026-03-10 08:00 False",
                "2026-03-11 00:00 True",
                "2026-03-18 00:00 True",
            ],
            alarms
        );
    }

    [Fact]
    public void A_suspended_request_alarms_on_the_earlier_date_and_reminds_of_the_later_one()
    {
        var later = new LocalDate(2026, 3, 20);

        Assert.Equal(Due, RequestAlarms.LastUpTo(Paris.EndOf(Due), Due, later)!.DueDate);
        Assert.True(RequestAlarms.LastUpTo(Paris.EndOf(Due), Due, later)!.IsOverdue);
        Assert.Equal(later, RequestAlarms.LastUpTo(Paris.At(later, 9), Due, later)!.DueDate);
    }

    [Fact]
    public void What_was_due_while_no_worker_ran_comes_as_one_alarm() =>
        Assert.Equal(
            Paris.At(Due.PlusDays(-1), 8),
            RequestAlarms.LastUpTo(Paris.At(Due.PlusDays(-1), 20), Due, suspendedDue: null)!.Time
        );

    [Fact]
    public void The_next_alarm_lies_after_every_moment_and_the_last_one_not_after_it() =>
        Gen.Select(Gen.Int[-40, 400], Gen.Int[0, 86_399], Gen.Int[0, 60])
            .Sample(
                (day, second, suspended) =>
                {
                    var moment = Paris.StartOf(Due.PlusDays(day)) + Duration.FromSeconds(second);
                    var later = suspended == 0 ? (LocalDate?)null : Due.PlusDays(suspended);
                    var next = RequestAlarms.NextAfter(moment, Due, later);
                    var last = RequestAlarms.LastUpTo(moment, Due, later);
                    return next.Time > moment
                        && next.Time - moment <= Duration.FromDays(40)
                        && (last is null || last.Time <= moment)
                        && RequestAlarms.LastUpTo(next.Time, Due, later)!.Time == next.Time;
                }
            );
}
