using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.Jobs;

/// <summary>What workers did and when.</summary>
internal sealed class JobRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new("job-runs", 1, RetentionRule.Logs, CalendarPeriod.JobRuns, "the run was asked for or begun", "job_runs")
        {
            Start = "t.create_time",
            Condition = "t.end_time is not null",
            Key = ["run_id"],
        },
    ];

    public IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["jobs"] = "The jobs that workers offer: one row for each, nothing about a person.",
        };
}
