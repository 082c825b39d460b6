using Kalisecu.Breaches;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using BreachRisk = Kalisecu.Breaches.V1.BreachRisk;
using CommunicationDecision = Kalisecu.Breaches.V1.CommunicationDecision;

namespace Kalisecu.IntegrationTests.Breaches;

/// <summary>These move the clock of their server, so each has one of its own.</summary>
public sealed class BreachAlarmTests : IAsyncLifetime
{
    private readonly TestServer _server = new();
    private BreachDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _desk = new BreachDesk(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
    }

    // The Friday evening before Whit Monday; nights on which the clocks go forward and back.
    [Theory]
    [InlineData("2027-05-14T17:20")]
    [InlineData("2027-03-26T17:20")]
    [InlineData("2027-10-29T17:20")]
    public async Task Everybody_is_alarmed_at_every_hour_once_over_restarts_of_the_worker(string aware)
    {
        var start = BreachDesk.InParis(aware);
        MoveTo(start);
        var breach = await _desk.AwareAsync();
        var worker = _desk.Worker();

        // Killed and started again at hour 71; each tick runs twice, and nothing moves between.
        for (var quarter = 1; quarter <= 4 * 76; quarter++)
        {
            MoveTo(start + Duration.FromMinutes(15 * quarter));
            if (quarter == 4 * 71)
            {
                worker.Dispose();
                worker = _desk.Worker();
            }

            if (quarter % 4 == 0 || quarter < 4)
            {
                await BreachDesk.TickAsync(worker);
                Assert.Equal(0, await BreachDesk.TickAsync(worker));
            }
        }

        var shown = await _desk.GetAsync(breach.BreachId);
        var letters = await _desk.LettersAsync(breach.BreachId, "alarm");
        int[] hours = [24, 48, 60, 70, 73, 74, 75, 76];
        Assert.Equal(hours, shown.Clock.Alarms.Select(a => a.Hours));
        Assert.All(
            shown.Clock.Alarms,
            a => Assert.Equal(BreachDesk.At(start + Duration.FromHours(a.Hours)), a.AlarmTime)
        );
        Assert.All(shown.Clock.Alarms, a => Assert.Equal(a.AlarmTime, a.PostTime));
        Assert.Equal(BreachDesk.At(start + Duration.FromHours(72)), shown.Clock.DueTime);
        Assert.True(shown.Clock.Late);
        foreach (var recipient in _desk.Alarms.Recipients)
        {
            var own = letters.Where(l => string.Equals(l.Recipient, recipient, StringComparison.Ordinal)).ToList();
            Assert.Equal(hours.Length, own.Count);
            Assert.All(
                hours,
                h => Assert.Single(own, l => l.Subject.Contains($" : {h} heures", StringComparison.Ordinal))
            );
        }
    }

    [Fact]
    public async Task Alarms_that_a_stopped_worker_missed_are_made_up()
    {
        var breach = await _desk.AwareAsync();
        MoveTo(_desk.Now + Duration.FromHours(74.5));

        // Two workers at once: each alarm is written by one of them.
        await Task.WhenAll(BreachDesk.TickAsync(_desk.Worker()), BreachDesk.TickAsync(_desk.Worker()));

        var shown = await _desk.GetAsync(breach.BreachId);
        Assert.Equal([24, 48, 60, 70, 73, 74], shown.Clock.Alarms.Select(a => a.Hours));
        Assert.Equal(12, (await _desk.LettersAsync(breach.BreachId, "alarm")).Count);
        Assert.Equal(
            "declared aware alarmed alarmed alarmed alarmed alarmed alarmed",
            await _desk.StepsAsync(breach.BreachId)
        );
    }

    [Fact]
    public async Task What_nobody_acknowledges_goes_to_more_people_once()
    {
        var (worker, start) = (_desk.Worker(), _desk.Now);
        var breach = await _desk.AwareAsync();
        MoveTo(start + Duration.FromHours(24));
        await BreachDesk.TickAsync(worker);

        MoveTo(start + Duration.FromHours(25));
        await BreachDesk.TickAsync(worker);
        await BreachDesk.TickAsync(worker);

        var escalated = await _desk.LettersAsync(breach.BreachId, "escalation");
        Assert.Equal(
            ["ada@kalisecu.test", "chef@kalisecu.test", "jeanne@kalisecu.test"],
            escalated.Select(l => l.Recipient).Order(StringComparer.Ordinal)
        );
        Assert.StartsWith("[SANS RÉPONSE] Violation de données", escalated[0].Subject, StringComparison.Ordinal);

        MoveTo(start + Duration.FromHours(48));
        await BreachDesk.TickAsync(worker);
        var acknowledged = await _desk.AcknowledgeAsync(breach.BreachId);
        MoveTo(start + Duration.FromHours(50));
        await BreachDesk.TickAsync(worker);

        Assert.Equal(3, (await _desk.LettersAsync(breach.BreachId, "escalation")).Count);
        Assert.All(
            acknowledged.Clock.Alarms,
            a => Assert.StartsWith("staff:", a.AcknowledgeActor, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_filed_notification_stops_the_clock_and_starts_that_of_the_complement()
    {
        var (worker, start) = (_desk.Worker(), _desk.Now);
        // Without what the CNIL asks about us no file is complete.
        var options = _server.Services.GetRequiredService<BreachOptions>();
        (options.VatNumber, options.StaffCount) = ("FR00 929978393", 4);
        options.LegalRepresentative = "Jeanne Le Goff";
        (options.ContactName, options.ContactPhone) = ("Ada Kerbrat", "+33 2 99 00 00 00");
        var breach = await _desk.AwareAsync();
        await _desk.AssessAsync(breach.BreachId, BreachRisk.Risk, start);
        await _desk.DecideAsync(breach.BreachId);
        MoveTo(start + Duration.FromHours(20));
        await _desk.FinishAsync(breach.BreachId);
        var filed = await _desk.FiledAsync(breach.BreachId, "2026-1");

        MoveTo(start + Duration.FromHours(200));
        await BreachDesk.TickAsync(worker);

        var shown = await _desk.GetAsync(breach.BreachId);
        Assert.False(filed.Clock.Running);
        Assert.Equal(BreachDesk.At(start + Duration.FromHours(92)), filed.Clock.ComplementDueTime);
        // An aim: not hourly, but until it is there.
        Assert.Equal([24, 48, 60, 70, 96, 120, 144, 168], shown.Clock.Alarms.Select(a => a.Hours));
        var letters = await _desk.LettersAsync(breach.BreachId, "alarm");
        Assert.All(
            letters,
            l => Assert.Equal(!IsBefore72(l.Subject), l.Plain.Contains("dépassé", StringComparison.Ordinal))
        );
        Assert.False(shown.Clock.Late);

        await _desk.DecidePersonsAsync(breach.BreachId, CommunicationDecision.NoHighRisk);
        await _desk.FinishAsync(breach.BreachId, complete: true);
        var complete = await _desk.FiledAsync(breach.BreachId, "2026-2");
        MoveTo(start + Duration.FromHours(400));
        await BreachDesk.TickAsync(worker);

        Assert.Null(complete.Clock.NextAlarmTime);
        Assert.Equal(letters.Count, (await _desk.LettersAsync(breach.BreachId, "alarm")).Count);
    }

    private static bool IsBefore72(string subject) =>
        ((int[])[24, 48, 60, 70]).Any(h => subject.Contains($" : {h} heures", StringComparison.Ordinal));

    private void MoveTo(Instant moment) => _server.Clock.Reset(moment);
}
