using Grpc.Core;
using Kalisecu.Breaches.V1;
using Kalisecu.Compliance;
using Kalisecu.Errors.V1;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Breaches;

/// <summary>What is refused, and what the clause's checks see. They move the clock of their server.</summary>
public sealed class BreachTests : IAsyncLifetime
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

    [Fact]
    public async Task Awareness_is_a_decision_of_its_own_and_taken_once()
    {
        var declared = await _desk.DeclareAsync();
        Assert.Null(declared.AwareTime);
        Assert.Null(declared.Clock);
        await Refused.WithAsync(ErrorReason.BreachNotAware, () => _desk.AssessAsync(declared.BreachId));
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () => _desk.AwareAsync(declared.BreachId, _desk.Now + Duration.FromMinutes(1))
        );

        var aware = await _desk.AwareAsync(declared.BreachId, _desk.Now - Duration.FromMinutes(30));

        Assert.Equal(BreachState.Aware, aware.State);
        Assert.Equal("gdpr-33-1/1", aware.Clock.RuleVersion);
        await Refused.WithAsync(ErrorReason.BreachAware, () => _desk.AwareAsync(declared.BreachId, _desk.Now));
    }

    [Fact]
    public async Task Decisions_follow_from_the_assessment()
    {
        var id = (await _desk.AwareAsync()).BreachId;
        await Refused.WithAsync(ErrorReason.BreachNotAssessed, () => _desk.DecideAsync(id));
        await Refused.WithAsync(ErrorReason.BreachNotDecided, () => _desk.FinishAsync(id));
        await _desk.AssessAsync(id);
        await Refused.WithAsync(
            ErrorReason.BreachRiskDemands,
            () => _desk.DecideAsync(id, NotificationDecision.NoRisk)
        );
        await Refused.WithAsync(
            ErrorReason.BreachRiskDemands,
            () => _desk.DecidePersonsAsync(id, CommunicationDecision.NoHighRisk)
        );
        await Refused.WithAsync(ErrorReason.BreachReachMissing, () => _desk.TellPersonsAsync(id));
        await Refused.WithAsync(ErrorReason.NothingToFile, NothingFinishedAsync);
        await Refused.WithAsync(ErrorReason.NoBreachAlarm, () => _desk.AcknowledgeAsync(id));

        var protectedData = await _desk.DecidePersonsAsync(id, CommunicationDecision.Protected);

        Assert.Equal(CommunicationDecision.Protected, protectedData.Communication);

        async Task NothingFinishedAsync()
        {
            await _desk.DecideAsync(id);
            await _desk.FiledAsync(id, "2026-1");
        }
    }

    [Fact]
    public async Task A_breach_without_risk_is_documented_and_not_notified()
    {
        var id = (await _desk.AwareAsync()).BreachId;
        await _desk.AssessAsync(id, BreachRisk.Unlikely);
        var decided = await _desk.DecideAsync(id, NotificationDecision.NoRisk);
        await _desk.DecidePersonsAsync(id, CommunicationDecision.NoHighRisk);
        var tenant = await _server.Given.TenantAsync();
        await _desk.FindAsync(id, tenant);

        var closed = await _desk.CloseAsync(id);

        Assert.False(decided.Clock.Running);
        Assert.Null(decided.Clock.NextAlarmTime);
        Assert.Equal(BreachState.Closed, closed.State);
        await Refused.WithAsync(ErrorReason.BreachClosed, () => _desk.AssessAsync(id));
    }

    [Fact]
    public async Task What_is_no_breach_is_dismissed_with_its_reasons()
    {
        var dismissed = await _desk.CloseAsync((await _desk.DeclareAsync()).BreachId);

        Assert.Equal(BreachState.Dismissed, dismissed.State);
        Assert.Equal("declared dismissed", await _desk.StepsAsync(dismissed.BreachId));
    }

    [Fact]
    public async Task A_late_notification_cannot_be_finished_without_its_reasons()
    {
        var id = (await _desk.AwareAsync()).BreachId;
        await _desk.AssessAsync(id);
        await _desk.DecideAsync(id);
        MoveTo(_desk.Now + Duration.FromHours(72) + Duration.FromMinutes(1));

        var refusal = await Refused.WithAsync(ErrorReason.DelayReasonsMissing, () => _desk.FinishAsync(id));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("delay_reasons", (await _desk.FileAsync(id)).MissingFields);
        var finished = await _desk.FinishAsync(
            id,
            delayReasons: "Le week-end de la Pentecôte, personne n'était d'astreinte."
        );

        Assert.DoesNotContain("delay_reasons", (await _desk.FileAsync(id, 1)).MissingFields);
        Assert.StartsWith("Le week-end", finished.Notifications[0].DelayReasons, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_finished_in_time_and_filed_late_needs_reasons_too()
    {
        var id = (await _desk.AwareAsync()).BreachId;
        await _desk.AssessAsync(id);
        await _desk.DecideAsync(id);
        await _desk.FinishAsync(id);
        MoveTo(_desk.Now + Duration.FromHours(73));

        await Refused.WithAsync(ErrorReason.DelayReasonsMissing, () => _desk.FiledAsync(id, "2026-2"));
    }

    [Fact]
    public async Task A_notification_that_claims_to_be_complete_is_refused_with_what_is_missing()
    {
        var id = (await _desk.AwareAsync()).BreachId;
        await _desk.AssessAsync(id);
        await _desk.DecideAsync(id);

        var refusal = await Refused.WithAsync(
            ErrorReason.NotificationIncomplete,
            () => _desk.FinishAsync(id, complete: true)
        );

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("staff_count", (await _desk.FileAsync(id)).MissingFields);
    }

    [Fact]
    public async Task SEC_8_is_broken_by_a_clock_that_nobody_watches_a_late_breach_and_a_drill_that_is_long_ago()
    {
        Assert.Equal(ClauseState.Unproven, (await CheckAsync("breach-drill")).State);
        var drill = (await _desk.AwareAsync(drill: true)).BreachId;
        await DrillAsync(drill);
        await _server.Given.RunAsync(
            """
            insert into jobs values ('alarm-about-breaches', 'kalisecu_breach', 'Alarms.', '0 0/1 * * * ?', 'every minute',
                '5 minutes', $1, $1)
            """,
            _desk.Now
        );
        Assert.Equal(ClauseState.Holds, (await CheckAsync("breach-drill")).State);
        Assert.Equal(ClauseState.Holds, (await CheckAsync("breach-clock")).State);

        MoveTo(_desk.Now + Duration.FromMinutes(30));
        Assert.Equal(ClauseState.Broken, (await CheckAsync("breach-clock")).State);
        await _server.Given.RunAsync("update jobs set expected_time = $1", _desk.Now + Duration.FromDays(500));
        Assert.Equal(ClauseState.Holds, (await CheckAsync("breach-clock")).State);
        await _desk.AwareAsync();
        MoveTo(_desk.Now + Duration.FromHours(25));
        var overdue = await CheckAsync("breach-clock");
        Assert.Equal((ClauseState.Broken, 1L), (overdue.State, overdue.Figures["overdue_alarms"]));
        await BreachDesk.TickAsync(_desk.Worker());
        Assert.Equal(ClauseState.Holds, (await CheckAsync("breach-clock")).State);
        MoveTo(_desk.Now + Duration.FromHours(48));
        var late = await CheckAsync("breach-clock");
        Assert.Equal((ClauseState.Broken, 1L), (late.State, late.Figures["late"]));

        await _server.Given.RunAsync("update breaches set close_time = close_time - interval '366 days' where drill");
        Assert.Equal(ClauseState.Broken, (await CheckAsync("breach-drill")).State);
    }

    [Fact]
    public async Task Letters_of_a_drill_come_to_us_alone()
    {
        var tenant = await _server.Given.TenantAsync();
        for (var i = 0; i < 4; i++)
        {
            await _server.Given.PersonAsync(tenant, PersonKind.Member, $"person{i}@client.example");
        }

        var id = (await _desk.AwareAsync(drill: true)).BreachId;
        await DrillAsync(id, tenant);

        var letters = await _desk.LettersAsync(id, "person");
        Assert.Equal(3, letters.Count);
        Assert.All(letters, l => Assert.Equal("hello@kalisecu.com", l.Recipient));
        Assert.All(letters, l => Assert.StartsWith("[EXERCICE] ", l.Subject, StringComparison.Ordinal));
        Assert.DoesNotContain(letters, l => l.Plain.Contains("Camille", StringComparison.Ordinal));
    }

    private async Task DrillAsync(string id, Guid? tenant = null)
    {
        await _desk.AssessAsync(id);
        await _desk.DecideAsync(id);
        await _desk.FinishAsync(id, complete: true);
        await _desk.FiledAsync(id, "EXERCICE");
        await _desk.DecidePersonsAsync(id, CommunicationDecision.Tell);
        await _desk.FindAsync(id, tenant ?? await _server.Given.TenantAsync());
        await _desk.TellPersonsAsync(id);
        await _desk.TellClientsAsync(id);
        await BreachDesk.TellAsync(_desk.Worker());
        await _desk.CloseAsync(id);
    }

    private Task<ClauseFinding> CheckAsync(string name) =>
        _server
            .Services.GetServices<IClauseCheck>()
            .Single(c => c.ClauseId is "SEC-8" && string.Equals(c.Name, name, StringComparison.Ordinal))
            .CheckAsync(_desk.Now, TestContext.Current.CancellationToken);

    private void MoveTo(Instant moment) => _server.Clock.Reset(moment);
}
