using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>Wire to domain and back.</summary>
internal static class JobProto
{
    private const int LongestName = 50;

    public static string ReadName(string name, Violations violations) =>
        Fields.Text(name, "job", 1, LongestName, violations);

    public static Guid ReadRunId(string runId)
    {
        var violations = new Violations();
        var id = Fields.Id(runId, "run_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static IReadOnlyList<JobRunState> ReadStates(IEnumerable<V1.JobRunState> states, Violations violations)
    {
        var read = new List<JobRunState>();
        foreach (var state in states)
        {
            if (
                violations.Check(
                    state is not V1.JobRunState.Unspecified && System.Enum.IsDefined(state),
                    "states",
                    "must be one of the named values"
                )
            )
            {
                read.Add(System.Enum.Parse<JobRunState>(state.ToString()));
            }
        }

        return read;
    }

    public static V1.Job Write(RegisteredJob job, RecordedRun? last, bool failed, Instant now)
    {
        var written = new V1.Job
        {
            Name = job.Job,
            Description = job.Description,
            Worker =
                Worker.All.SingleOrDefault(w => string.Equals(w.Role, job.Worker, StringComparison.Ordinal))?.Name
                ?? "",
            Schedule = job.ScheduleWords,
            ExpectedTime = Fields.Write(job.ExpectedTime),
            LateAfter = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(job.LateAfter.ToTimeSpan()),
            Late = job.IsLate(now),
            Failed = failed,
            RegisterTime = Fields.Write(job.RegisterTime),
        };
        if (last is not null)
        {
            written.LastRun = Write(last);
        }

        return written;
    }

    public static V1.JobRun Write(RecordedRun run)
    {
        var written = new V1.JobRun
        {
            RunId = run.RunId.ToString("D"),
            Job = run.Job,
            Cause = System.Enum.Parse<V1.JobCause>(run.Cause.ToString()),
            Actor = run.Actor,
            State = System.Enum.Parse<V1.JobRunState>(run.State.ToString()),
            SlotTime = Time(run.SlotTime),
            CreateTime = Fields.Write(run.CreateTime),
            StartTime = Time(run.StartTime),
            EndTime = Time(run.EndTime),
            NextTime = Time(run.NextTime),
            Host = run.Host,
            Recovery = run.IsRecovery,
            ProgressDone = run.ProgressDone,
            ProgressStep = run.ProgressStep,
            Problem = run.Problem ?? "",
            CancelTime = Time(run.CancelTime),
            CancelActor = run.CancelActor ?? "",
        };
        if (run.ProgressTotal is { } total)
        {
            written.ProgressTotal = total;
        }

        written.Counts.Add(JsonSerializer.Deserialize<Dictionary<string, long>>(run.Counts)!);
        return written;
    }

    private static Timestamp? Time(Instant? time) => time is { } known ? Fields.Write(known) : null;
}
