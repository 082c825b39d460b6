namespace Kalisecu.Jobs;

/// <summary>
/// Statements of the workers about jobs and runs. They run on one raw connection, because that connection also holds the
/// job's advisory lock: what is written over it is written by whoever holds the job.
/// </summary>
internal static class JobSql
{
    /// <summary>A session lock: it lasts until the connection ends, however its process does.</summary>
    public const string Hold = "select pg_advisory_lock($1)";

    public const string TryHold = "select pg_try_advisory_lock($1)";

    /// <summary>An upsert keeps what runs have achieved, unless the schedule itself is another one.</summary>
    public const string Register = """
        insert into jobs (job, worker, description, schedule, schedule_words, late_after, register_time, expected_time)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (job) do update set
            description = excluded.description, schedule = excluded.schedule, schedule_words = excluded.schedule_words,
            late_after = excluded.late_after, register_time = excluded.register_time, retire_time = null,
            expected_time = case when jobs.schedule = excluded.schedule and jobs.retire_time is null
                then jobs.expected_time else excluded.expected_time end
        """;

    public const string Retire = """
        update jobs set retire_time = $3 where worker = $1 and job <> all ($2) and retire_time is null
        """;

    public const string Requested = """
        select run_id, job from job_runs where state = 'Requested' and job = any ($1) order by create_time
        """;

    /// <summary>Whoever holds the job knows that other runs of it are over: their processes are gone, or stop just now.</summary>
    public const string GiveUpLost = """
        update job_runs set state = 'Lost', end_time = $2
        where job = $1 and state = 'Running' and run_id <> $3
        returning run_id
        """;

    /// <summary>Whether a schedule's time was served before; a run that was lost or interrupted serves nothing.</summary>
    public const string SlotServed = """
        select exists (select from job_runs where job = $1 and slot_time = $2
            and state in ('Succeeded', 'Failed', 'Cancelled'))
        """;

    public const string Begin = """
        insert into job_runs (run_id, job, worker, cause, actor, state, slot_time, create_time, start_time, host, is_recovery)
        values ($1, $2, $3, $4, $5, 'Running', $6, $7, $7, $8, $9)
        """;

    /// <summary>A request is begun once; one whose process died is begun again.</summary>
    public const string BeginRequested = """
        update job_runs set state = 'Running', start_time = $2, host = $3, is_recovery = (state <> 'Requested'),
            end_time = null
        where run_id = $1 and state in ('Requested', 'Running', 'Interrupted', 'Lost')
        returning is_recovery
        """;

    public const string Report = """
        update job_runs set progress_done = $2, progress_total = $3, progress_step = $4, counts = $5::jsonb
        where run_id = $1 and state = 'Running'
        returning cancel_time is not null
        """;

    public const string End = """
        update job_runs set state = $2, end_time = $3, next_time = $4, problem = $5, counts = $6::jsonb,
            progress_done = $7, progress_total = $8, progress_step = $9
        where run_id = $1 and state = 'Running'
        """;

    public const string Expect = "update jobs set expected_time = greatest(expected_time, $2) where job = $1";

    public const string Notify = "select pg_notify($1, $2)";
}
