using System.Text.Json;
using Kalisecu.Persistence;
using NodaTime;
using Npgsql;

namespace Kalisecu.Jobs;

/// <summary>Writes what happens to runs.</summary>
internal sealed class JobRecords(JobList jobs, JobHost host, IClock clock)
{
    /// <summary>Records that a run begins; the caller holds the job. Null when there is nothing to do any more.</summary>
    public async Task<JobRun?> BeginAsync(
        NpgsqlConnection hold,
        WorkerJob job,
        JobStart start,
        CancellationToken cancellationToken
    )
    {
        var now = Moment.Stored(clock.GetCurrentInstant());
        var runId = start.RunId ?? Ids.New(now);
        await using var transaction = await hold.BeginTransactionAsync(cancellationToken);
        var name = job.Definition.Name;
        var lost = await ScalarAsync(hold, JobSql.GiveUpLost, cancellationToken, name, now, runId) is not null;
        var run = start.RunId is not null
            ? await BeginRequestedAsync(hold, name, runId, now, cancellationToken)
            : await BeginNewAsync(hold, name, start, new(runId, now, lost || start.IsRecovery), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>Writes how far a run is.</summary>
    /// <returns>Whether somebody wants it cancelled; null when the run is no longer ours.</returns>
    public static async Task<bool?> ReportAsync(
        NpgsqlConnection hold,
        JobRun run,
        CancellationToken cancellationToken
    ) =>
        (bool?)
            await ScalarAsync(
                hold,
                JobSql.Report,
                cancellationToken,
                run.RunId,
                run.Progress.Done,
                run.Progress.Total,
                run.Progress.Step,
                Counts(run)
            );

    /// <summary>Records the end. A run that another took over in between stays as that one left it.</summary>
    public async Task EndAsync(NpgsqlConnection connection, JobRun run, JobEnd end, CancellationToken cancellationToken)
    {
        var now = Moment.Stored(clock.GetCurrentInstant());
        var schedule = jobs.Get(run.Job).Definition.Schedule;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ScalarAsync(
            connection,
            JobSql.End,
            cancellationToken,
            run.RunId,
            end.State.ToString(),
            now,
            schedule.NextAfter(now),
            end.Problem,
            Counts(run),
            run.Progress.Done,
            run.Progress.Total,
            run.Progress.Step
        );
        if (end.State is JobRunState.Succeeded)
        {
            await ScalarAsync(
                connection,
                JobSql.Expect,
                cancellationToken,
                run.Job,
                schedule.NextAfter(run.SlotTime ?? now)
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<JobRun?> BeginRequestedAsync(
        NpgsqlConnection hold,
        string job,
        Guid runId,
        Instant now,
        CancellationToken cancellationToken
    ) =>
        await ScalarAsync(hold, JobSql.BeginRequested, cancellationToken, runId, now, host.Name) is bool isRecovery
            ? new JobRun(runId, job, slotTime: null, isRecovery)
            : null;

    private async Task<JobRun?> BeginNewAsync(
        NpgsqlConnection hold,
        string job,
        JobStart start,
        (Guid RunId, Instant Now, bool IsRecovery) begin,
        CancellationToken cancellationToken
    )
    {
        if (
            start.SlotTime is { } slot
            && await ScalarAsync(hold, JobSql.SlotServed, cancellationToken, job, slot) is true
        )
        {
            return null;
        }

        await ScalarAsync(
            hold,
            JobSql.Begin,
            cancellationToken,
            begin.RunId,
            job,
            jobs.Worker.Role,
            start.Cause.ToString(),
            start.Actor,
            start.SlotTime,
            begin.Now,
            host.Name,
            begin.IsRecovery
        );
        return new JobRun(begin.RunId, job, start.SlotTime, begin.IsRecovery);
    }

    private static string Counts(JobRun run) => JsonSerializer.Serialize(run.Counts);

#pragma warning disable CA2100 // Only constants of JobSql are passed.
    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params IReadOnlyList<object?> values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }
#pragma warning restore CA2100
}

/// <summary>What makes a run begin.</summary>
/// <param name="SlotTime">The scheduled time it serves.</param>
/// <param name="RunId">The run that was asked for.</param>
internal sealed record JobStart(
    string Job,
    JobCause Cause,
    string Actor,
    Instant? SlotTime = null,
    Guid? RunId = null,
    bool IsRecovery = false
);

/// <summary>How a run ended.</summary>
internal sealed record JobEnd(JobRunState State, string? Problem = null);
