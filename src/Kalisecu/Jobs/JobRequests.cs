using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Kalisecu.Jobs;

/// <summary>Hears that somebody asked for a run, and puts it into the common schedule, where the first free process takes it.</summary>
internal sealed class JobRequests(
    NpgsqlDataSource source,
    ISchedulerFactory factory,
    JobList jobs,
    TimeProvider time,
    ILogger<JobRequests> log
) : BackgroundService
{
    public const string Channel = "kalisecu_jobs";

    // A notification that nobody heard is made up for this soon.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
                when (exception is NpgsqlException or IOException or TimeoutException or SchedulerException)
            {
                JobLog.ListenerLost(log, exception.Message);
                await Task.Delay(ReconnectAfter, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        var scheduler = await factory.GetScheduler(stoppingToken);
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            foreach (var (runId, job) in await RequestedAsync(connection, stoppingToken))
            {
                await ScheduleAsync(scheduler, job, runId, stoppingToken);
            }

            await connection.WaitAsync(LookEvery, stoppingToken);
        }
    }

    private async Task<List<(Guid RunId, string Job)>> RequestedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(JobSql.Requested, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = jobs.All.Select(j => j.Definition.Name).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid RunId, string Job)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return found;
    }

    private async Task ScheduleAsync(IScheduler scheduler, string job, Guid runId, CancellationToken cancellationToken)
    {
        try
        {
            await scheduler.ScheduleJob(
                JobScheduling.RequestTrigger(time, job, runId),
                cancellationToken: cancellationToken
            );
        }
        catch (ObjectAlreadyExistsException)
        {
            // Another process was first; who of us runs it, the schedule decides.
        }
    }
}
