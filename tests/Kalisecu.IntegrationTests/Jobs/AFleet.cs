using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Kalisecu.IntegrationTests.Backups;
using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>
/// Three instances of every worker as processes of their own, each with the jobs of its real program, over one database and
/// under one clock.
/// </summary>
internal sealed class AFleet : IAsyncDisposable
{
    private const int OfEach = 3;

    // Below the time by which the clock is moved: it never goes back.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly TestFolder _folder = new();
    private readonly List<Process> _instances = [];
    private readonly List<Worker> _workers = [];
    private readonly Dictionary<Worker, string> _settings = [];
    private readonly SharedClock _clock;
    private readonly NpgsqlDataSource _source;

    public AFleet(ABackedUpPlatform platform, Instant start)
    {
        _clock = SharedClock.Make(_folder["clock"], start);
        var builder = new NpgsqlDataSourceBuilder(platform.Superuser);
        builder.ConnectionStringBuilder.Pooling = true;
        builder.UseNodaTime();
        _source = builder.Build();
        foreach (var worker in Worker.All)
        {
            var settings = platform.SettingsOf(worker);
            settings.Delivery.PickupFolder = _folder["mail"];
            settings.Cluster.CheckInSeconds = 1;
            settings.Cluster.DeadAfterSeconds = 2;
            settings.Cluster.LookEverySeconds = 1;
            // Whatever the clock jumps over is late, not missed: each time has to be served.
            settings.Cluster.MissedAfterSeconds = 900;
            _settings[worker] = TestWorkerSettings.Write(_folder, worker, settings);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IReadOnlyList<JobDefinition> Jobs { get; } =
    [.. Worker.All.SelectMany(HostedJobs.ListOf).SelectMany(m => m.Jobs).Select(j => j.Definition)];

    public Instant Now => _clock.GetCurrentInstant();

    public int Kills { get; private set; }

    /// <summary>Every time at which a job has to run, after one moment and up to another.</summary>
    public static IEnumerable<Instant> Slots(JobDefinition job, Instant after, Instant until)
    {
        for (var slot = job.Schedule.NextAfter(after); slot <= until; slot = job.Schedule.NextAfter(slot))
        {
            yield return slot;
        }
    }

    /// <summary>Starts all of them, and waits until every job stands in the common schedule.</summary>
    public async Task StartAsync()
    {
        foreach (var worker in Worker.All.SelectMany(w => Enumerable.Repeat(w, OfEach)))
        {
            _workers.Add(worker);
            _instances.Add(Start(worker));
        }

        await WaitAsync(
            async () =>
            {
                await using var command = _source.CreateCommand(
                    "select count(*) from quartz.qrtz_triggers where trigger_group = 'DEFAULT'"
                );
                return (long)(await command.ExecuteScalarAsync(Cancel))! >= Jobs.Count;
            },
            () => "Not every job is scheduled."
        );
    }

    /// <summary>Moves the clock, and waits until every job was done for each of its times in between.</summary>
    public async Task ServeAsync(Instant after, Instant until)
    {
        _clock.MoveTo(until);
        var waiting = Jobs.SelectMany(j => Slots(j, after, until).Select(slot => (j.Name, Slot: slot))).ToHashSet();
        await WaitAsync(
            async () =>
            {
                waiting.ExceptWith((await ServedAsync(after)).Select(r => (r.Job, r.Slot)));
                return waiting.Count == 0;
            },
            () => "Not served: " + string.Join(", ", waiting)
        );
    }

    /// <summary>
    /// Kills one after the other until it is told to stop, every second time one that is at work; each is replaced. A run at
    /// least ends between two kills: nothing would ever end where processes die faster than they start.
    /// </summary>
    public async Task KillAsync(TimeSpan between, CancellationToken stop)
    {
        var endedBefore = await EndedAsync();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(between * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000.0)), CancellationToken.None);
            var ended = await EndedAsync();
            if (ended == endedBefore)
            {
                continue;
            }

            endedBefore = ended;
            var atWork = Kills % 2 == 0 ? await AtWorkAsync() : [];
            var victim =
                atWork.Count > 0
                    ? atWork[RandomNumberGenerator.GetInt32(atWork.Count)]
                    : RandomNumberGenerator.GetInt32(_instances.Count);
            WorkerProcess.Kill(_instances[victim]);
            _instances[victim].Dispose();
            _instances[victim] = Start(_workers[victim]);
            Kills++;
        }
    }

    /// <summary>Runs for a time of the schedule that are over and were not cut off.</summary>
    public Task<List<SlotRun>> ServedAsync(Instant after) =>
        ReadAsync("state in ('Succeeded', 'Failed', 'Cancelled')", after);

    /// <summary>Runs that a kill cut off.</summary>
    public Task<List<SlotRun>> LostAsync(Instant after) => ReadAsync("state = 'Lost'", after);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            WorkerProcess.Kill(instance);
            instance.Dispose();
        }

        await _source.DisposeAsync();
        _clock.Dispose();
        _folder.Dispose();
    }

    private Process Start(Worker worker) =>
        WorkerProcess.Start(
            _settings[worker],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [SharedClock.Variable] = _folder["clock"],
                [HostedJobs.Variable] = worker.Name,
                [TestJobs.Milliseconds] = "200",
            }
        );

    private async Task<long> EndedAsync()
    {
        await using var command = _source.CreateCommand("select count(*) from job_runs where state = 'Succeeded'");
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private async Task<List<int>> AtWorkAsync()
    {
        await using var command = _source.CreateCommand("select host from job_runs where state = 'Running'");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var found = new List<int>();
        while (await reader.ReadAsync(Cancel))
        {
            // Machine, process, something random: Kalisecu.Jobs.JobHost.
            var process = int.Parse(reader.GetString(0).Split('-')[^2], CultureInfo.InvariantCulture);
            found.Add(_instances.FindIndex(i => i.Id == process));
        }

        found.RemoveAll(i => i < 0);
        return found;
    }

#pragma warning disable CA2100 // Two constants of this class.
    private async Task<List<SlotRun>> ReadAsync(string condition, Instant after)
    {
        await using var command = _source.CreateCommand(
            $"select job, slot_time, state, coalesce(problem, '') from job_runs where slot_time > $1 and {condition}"
        );
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var runs = new List<SlotRun>();
        while (await reader.ReadAsync(Cancel))
        {
            runs.Add(
                new SlotRun(
                    reader.GetString(0),
                    await reader.GetFieldValueAsync<Instant>(1, Cancel),
                    Enum.Parse<JobRunState>(reader.GetString(2)),
                    reader.GetString(3)
                )
            );
        }

        return runs;
    }
#pragma warning restore CA2100

    private static async Task WaitAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < Patience, otherwise());
            await Task.Delay(100, Cancel);
        }
    }

    internal sealed record SlotRun(string Job, Instant Slot, JobRunState State, string Problem);
}
