using System.Diagnostics;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>Instances of the tests' worker as processes of their own, and what they recorded.</summary>
internal sealed class AWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly List<Process> _instances = [];
    private readonly NpgsqlDataSource _source;
    private readonly string _settings;

    public AWorker(
        TestDatabase database,
        Dictionary<string, string>? environment = null,
        Action<WorkerSettings>? adjust = null
    )
    {
        _environment = environment ?? [];
        _source = database.OpenSuperuser();
        var settings = TestWorkerSettings.Make(_folder, Worker.Delivery, database);
        adjust?.Invoke(settings);
        _settings = TestWorkerSettings.Write(_folder, Worker.Delivery, settings);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Process Start(params IReadOnlyList<string> arguments)
    {
        var process = WorkerProcess.Start(_settings, _environment, arguments);
        _instances.Add(process);
        return process;
    }

    public void KillAll() => _instances.Where(i => !i.HasExited).ToList().ForEach(WorkerProcess.Kill);

    /// <summary>Asks for a run as the server does.</summary>
    public async Task<Guid> RequestAsync(string job)
    {
        var runId = Guid.CreateVersion7();
        await using var command = _source.CreateCommand(
            $"""
            insert into job_runs (run_id, job, worker, cause, actor, state, create_time)
            values ('{runId:D}', '{job}', '{DatabaseRoles.Delivery}', 'Request', 'staff:test', 'Requested', now());
            select pg_notify('{JobRequests.Channel}', '{job}')
            """
        );
        await command.ExecuteNonQueryAsync(Cancel);
        return runId;
    }

    public async Task CancelAsync(Guid runId)
    {
        await using var command = _source.CreateCommand(
            $"update job_runs set cancel_time = now(), cancel_actor = 'staff:test' where run_id = '{runId:D}'"
        );
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<List<RunRow>> RunsAsync()
    {
        await using var command = _source.CreateCommand(
            """
            select run_id, job, state, slot_time, host, is_recovery, counts::text, progress_done, expected_time
            from job_runs join jobs using (job) order by job_runs.create_time, run_id
            """
        );
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<RunRow>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(
                new RunRow(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    Enum.Parse<JobRunState>(reader.GetString(2)),
                    await reader.GetFieldValueAsync<NodaTime.Instant?>(3, Cancel),
                    reader.GetString(4),
                    reader.GetBoolean(5),
                    reader.GetString(6),
                    reader.GetInt64(7),
                    await reader.GetFieldValueAsync<NodaTime.Instant>(8, Cancel)
                )
            );
        }

        return rows;
    }

    /// <summary>Waits until the records are as expected.</summary>
    public async Task<List<RunRow>> WaitAsync(Func<List<RunRow>, bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var runs = await RunsAsync();
            if (isSo(runs))
            {
                return runs;
            }

            Assert.True(watch.Elapsed < Patience, "Not so after a long time: " + string.Join('\n', runs));
            await Task.Delay(100, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            if (!instance.HasExited)
            {
                WorkerProcess.Kill(instance);
            }

            instance.Dispose();
        }

        await _source.DisposeAsync();
        _folder.Dispose();
    }

    internal sealed record RunRow(
        Guid RunId,
        string Job,
        JobRunState State,
        NodaTime.Instant? SlotTime,
        string Host,
        bool IsRecovery,
        string Counts,
        long Done,
        NodaTime.Instant ExpectedTime
    );
}
