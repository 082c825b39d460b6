using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Jobs;

internal static class JobErrors
{
    public static Refusal Unknown(string job) =>
        new(
            StatusCode.NotFound,
            Errors.V1.ErrorReason.JobUnknown,
            "No worker offers a job of this name.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["job"] = job }
        );

    public static Refusal StartRequested(RecordedRun waiting) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.JobStartRequested,
            "A run of this job was asked for and has not started yet: watch that one.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["job"] = waiting.Job,
                ["run_id"] = waiting.RunId.ToString("D"),
            }
        );

    public static Refusal RunOver(RecordedRun run) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.JobRunOver,
            "The run is over: there is nothing to cancel.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["run_id"] = run.RunId.ToString("D"),
                ["state"] = run.State.ToString(),
            }
        );
}
