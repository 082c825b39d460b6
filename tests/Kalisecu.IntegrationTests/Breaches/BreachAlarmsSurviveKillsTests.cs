using System.Diagnostics;
using System.Security.Cryptography;
using Kalisecu.IntegrationTests.Jobs;
using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;
using NodaTime;

namespace Kalisecu.IntegrationTests.Breaches;

/// <summary>The breach-notification worker as a process of its own, killed (SIGKILL) while it alarms and while it waits.</summary>
public sealed class BreachAlarmsSurviveKillsTests : IAsyncLifetime
{
    private const int Recipients = 2;
    private const int Escalated = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();
    private readonly TestServer _server = new();
    private BreachDesk _desk = null!;
    private SharedClock _clock = null!;
    private string _settings = "";
    private Process? _worker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _desk = new BreachDesk(_server);
        _clock = SharedClock.Make(_folder["clock"], _desk.Now);
        var settings = _desk.WorkerSettings();
        settings.Cluster.MissedAfterSeconds = 1;
        _settings = TestWorkerSettings.Write(_folder, Worker.BreachNotification, settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            WorkerProcess.Kill(_worker);
            _worker.Dispose();
        }

        await _desk.DisposeAsync();
        await _server.DisposeAsync();
        _clock.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_worker_that_is_killed_again_and_again_loses_no_alarm_and_repeats_none()
    {
        var start = BreachDesk.InParis("2027-05-14T17:20");
        MoveTo(start);
        var id = (await _desk.AwareAsync()).BreachId;
        _worker = StartWorker();

        // Alarms at 24, 48, 60, 70, 73 and 74 hours, each told to more people an hour later, because nobody answers.
        await AtAsync(id, start + Duration.FromHours(24), alarms: 1, escalations: 0, kills: true);
        await AtAsync(id, start + Duration.FromHours(25.2), alarms: 1, escalations: 1, kills: true);
        await AtAsync(id, start + Duration.FromHours(48), alarms: 2, escalations: 1, kills: false);
        await AtAsync(id, start + Duration.FromHours(60), alarms: 3, escalations: 2, kills: false);
        await AtAsync(id, start + Duration.FromHours(70), alarms: 4, escalations: 3, kills: false);
        await AtAsync(id, start + Duration.FromHours(71.2), alarms: 4, escalations: 4, kills: true);
        await AtAsync(id, start + Duration.FromHours(73), alarms: 5, escalations: 4, kills: true);
        await AtAsync(id, start + Duration.FromHours(74.2), alarms: 6, escalations: 5, kills: false);

        var shown = await _desk.GetAsync(id);
        Assert.Equal([24, 48, 60, 70, 73, 74], shown.Clock.Alarms.Select(a => a.Hours));
        await EachOnceAsync(id, "alarm", [24, 48, 60, 70, 73, 74], Recipients);
        await EachOnceAsync(id, "escalation", [24, 48, 60, 70, 73], Escalated);
        Assert.Equal(
            "declared aware alarmed escalated alarmed escalated alarmed escalated alarmed escalated alarmed escalated alarmed",
            await _desk.StepsAsync(id)
        );
    }

    private void MoveTo(Instant moment)
    {
        _server.Clock.Reset(moment);
        _clock.MoveTo(moment);
    }

    /// <summary>Moves the clock, kills the worker at any moment of its work or before it, and waits for what has to be there.</summary>
    private async Task AtAsync(string id, Instant moment, int alarms, int escalations, bool kills)
    {
        MoveTo(moment);
        if (kills)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(1500), Cancel);
            WorkerProcess.Kill(_worker!);
            _worker!.Dispose();
            _worker = StartWorker();
        }

        var expected = (alarms * Recipients, escalations * Escalated);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var found = (
                (await _desk.LettersAsync(id, "alarm")).Count,
                (await _desk.LettersAsync(id, "escalation")).Count
            );
            if (found == expected)
            {
                return;
            }

            Assert.True(watch.Elapsed < Patience, $"At {moment} there are {found} letters instead of {expected}.");
            await Task.Delay(100, Cancel);
        }
    }

    private async Task EachOnceAsync(string id, string kind, int[] hours, int recipients)
    {
        var letters = await _desk.LettersAsync(id, kind);
        Assert.Equal(letters.Count, letters.DistinctBy(l => (l.Recipient, l.Subject)).Count());
        Assert.All(
            hours,
            h =>
                Assert.Equal(
                    recipients,
                    letters.Count(l => l.Subject.Contains($" : {h} heures", StringComparison.Ordinal))
                )
        );
        Assert.Equal(hours.Length * recipients, letters.Count);
    }

    private Process StartWorker() =>
        WorkerProcess.Start(
            _settings,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [SharedClock.Variable] = _folder["clock"],
                [HostedJobs.Variable] = Worker.BreachNotification.Name,
            }
        );
}
