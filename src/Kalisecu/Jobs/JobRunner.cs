using System.Runtime.ExceptionServices;
using Kalisecu.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.Jobs;

/// <summary>
/// Runs a job once: holds it against all other processes, records its beginning, how far it is and its end, and stops it when
/// somebody cancels it or when the hold is lost.
/// </summary>
internal sealed class JobRunner(
    NpgsqlDataSource source,
    JobList jobs,
    JobRecords records,
    IServiceScopeFactory scopes,
    ILogger<JobRunner> log
)
{
    // How soon a cancellation is heard and progress is seen.
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    // A database that fails over is back within a minute; longer waits would only delay the next schedule.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private const int Tries = 6;

    /// <summary>Waits for the job, then runs it.</summary>
    /// <returns>How it ended; null when what was asked for had been done already.</returns>
    public async Task<JobRunState?> RunAsync(JobStart start, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var tried = 1; ; tried++, pause *= 2)
        {
            try
            {
                await using var hold = await JobHold.TakeAsync(source, start.Job, cancellationToken);
                if (await RunHeldAsync(hold, start, cancellationToken) is not JobRunState.Lost and var state)
                {
                    return state;
                }
            }
            catch (NpgsqlException exception) when (tried < Tries && exception.IsTransient) { }

            await Task.Delay(pause, cancellationToken);
            start = start with { IsRecovery = true };
        }
    }

    /// <summary>Runs the job unless another process holds it.</summary>
    /// <returns>False when it is held elsewhere; then nothing was done.</returns>
    public async Task<(bool Held, JobRunState? State)> TryRunAsync(JobStart start, CancellationToken cancellationToken)
    {
        await using var hold = await JobHold.TryTakeAsync(source, start.Job, cancellationToken);
        return hold is null ? (false, null) : (true, await RunHeldAsync(hold, start, cancellationToken));
    }

    private async Task<JobRunState?> RunHeldAsync(JobHold hold, JobStart start, CancellationToken cancellationToken)
    {
        var job = jobs.Get(start.Job);
        var run = await records.BeginAsync(hold.Connection, job, start, cancellationToken);
        if (run is null)
        {
            JobLog.DoneBefore(log, start.Job, start.SlotTime?.ToString() ?? "the request");
            return null;
        }

        if (run.IsRecovery)
        {
            JobLog.TakenOver(log, run.RunId, run.Job);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = WorkAsync(job, run, stop.Token);
        var asked = await WatchAsync(hold, run, working, stop);
        var end = await working;
        if (end.State is JobRunState.Interrupted)
        {
            end = asked switch
            {
                StopReason.None => end,
                StopReason.Cancelled => new JobEnd(JobRunState.Cancelled),
                StopReason.HoldLost => new JobEnd(JobRunState.Lost),
                _ => throw new InvalidOperationException($"No reason to stop: {asked}"),
            };
        }

        if (end.State is not JobRunState.Lost)
        {
            await RecordEndAsync(hold, run, end);
        }

        JobLog.Ended(log, run.RunId, run.Job, end.State);
        cancellationToken.ThrowIfCancellationRequested();
        return end.State;
    }

    private async Task<JobEnd> WorkAsync(WorkerJob job, JobRun run, CancellationToken cancellationToken)
    {
        // A job that never awaits must not keep its watch from running.
        await Task.Yield();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var outcome = await ((IWorkerJob)scope.ServiceProvider.GetRequiredService(job.Type)).RunAsync(
                run,
                cancellationToken
            );
            if (outcome.Problem is not { } problem)
            {
                return new JobEnd(JobRunState.Succeeded);
            }

            JobLog.FoundWanting(log, run.RunId, run.Job, problem);
            return new JobEnd(JobRunState.Failed, problem);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobEnd(JobRunState.Interrupted);
        }
#pragma warning disable CA1031 // Whatever a job throws is the end of its run, and is recorded as that.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            JobLog.Failed(log, exception, run.RunId, run.Job);
            // Messages of others may hold what somebody wrote; a refusal's words are our own.
            var problem = exception is Refusal refusal ? refusal.Message : exception.GetType().Name;
            return new JobEnd(JobRunState.Failed, problem);
        }
    }

    /// <summary>Reports while the job works, and stops it when it must not go on.</summary>
    private async Task<StopReason> WatchAsync(JobHold hold, JobRun run, Task working, CancellationTokenSource stop)
    {
        while (await Task.WhenAny(working, Task.Delay(ReportEvery, CancellationToken.None)) != working)
        {
            var reason = await AskAsync(hold, run);
            if (reason is not StopReason.None)
            {
                await stop.CancelAsync();
                return reason;
            }
        }

        return StopReason.None;
    }

    private async Task<StopReason> AskAsync(JobHold hold, JobRun run)
    {
        try
        {
            return await JobRecords.ReportAsync(hold.Connection, run, CancellationToken.None) switch
            {
                false => StopReason.None,
                true => StopReason.Cancelled,
                null => StopReason.HoldLost,
            };
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            JobLog.HoldLost(log, run.RunId, run.Job);
            return StopReason.HoldLost;
        }
    }

    private async Task RecordEndAsync(JobHold hold, JobRun run, JobEnd end)
    {
        var pause = FirstPause;
        ExceptionDispatchInfo? last = null;
        for (var tried = 1; tried <= Tries; tried++, pause *= 2)
        {
            try
            {
                // The hold's own connection first: while it lives, nobody can have taken the run over.
                if (tried == 1)
                {
                    await records.EndAsync(hold.Connection, run, end, CancellationToken.None);
                    return;
                }

                await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
                await records.EndAsync(connection, run, end, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                JobLog.NotRecorded(log, run.RunId, run.Job, exception.Message);
                last = ExceptionDispatchInfo.Capture(exception);
                await Task.Delay(pause, CancellationToken.None);
            }
        }

        last!.Throw();
    }

    private enum StopReason
    {
        None,
        Cancelled,
        HoldLost,
    }
}
