using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>Why a run is.</summary>
internal enum JobCause
{
    Schedule,

    /// <summary>Staff asked for it.</summary>
    Request,

    /// <summary>Somebody ran it by hand on the machine, or cron did.</summary>
    Once,
}

internal enum JobRunState
{
    /// <summary>Asked for; the first worker that is free takes it.</summary>
    Requested,
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>Its worker was told to stop; another run serves its purpose.</summary>
    Interrupted,

    /// <summary>Its process died; another run serves its purpose.</summary>
    Lost,
}

/// <summary>What is recorded of one run.</summary>
internal sealed class RecordedRun
{
    private RecordedRun() { }

    public Guid RunId { get; private init; }

    public string Job { get; private init; } = "";

    /// <summary>The role of the worker that has the job.</summary>
    public string Worker { get; private init; } = "";

    public JobCause Cause { get; private init; }

    public string Actor { get; private init; } = "";

    public JobRunState State { get; private set; }

    public Instant? SlotTime { get; private init; }

    public Instant CreateTime { get; private init; }

    public Instant? StartTime { get; private init; }

    public Instant? EndTime { get; private set; }

    public Instant? NextTime { get; private init; }

    public string Host { get; private init; } = "";

    public bool IsRecovery { get; private init; }

    public long ProgressDone { get; private init; }

    public long? ProgressTotal { get; private init; }

    public string ProgressStep { get; private init; } = "";

    /// <summary>Counts by name, as JSON.</summary>
    public string Counts { get; private init; } = "{}";

    public string? Problem { get; private init; }

    public Instant? CancelTime { get; private set; }

    public string? CancelActor { get; private set; }

    public bool IsOver => State is not (JobRunState.Requested or JobRunState.Running);

    public static RecordedRun Request(RegisteredJob job, string actor, Instant now) =>
        new()
        {
            RunId = Ids.New(now),
            Job = job.Job,
            Worker = job.Worker,
            Cause = JobCause.Request,
            Actor = actor,
            State = JobRunState.Requested,
            CreateTime = Moment.Stored(now),
        };

    /// <summary>Ends it where it has not begun; tells its worker otherwise. A repeat changes nothing.</summary>
    public void Cancel(string actor, Instant now)
    {
        if (IsOver && CancelTime is null)
        {
            throw JobErrors.RunOver(this);
        }

        if (CancelTime is not null)
        {
            return;
        }

        CancelTime = Moment.Stored(now);
        CancelActor = actor;
        if (State is JobRunState.Requested)
        {
            State = JobRunState.Cancelled;
            EndTime = CancelTime;
        }
    }
}
