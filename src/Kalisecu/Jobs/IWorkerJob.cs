namespace Kalisecu.Jobs;

/// <summary>
/// Work of a capability that a schedule starts. One run at a time on the whole platform; a run whose process died is run
/// again elsewhere, so a job claims a row, works, and records, and can be repeated at any point.
/// </summary>
internal interface IWorkerJob
{
    /// <summary>Runs once. What it throws makes the run a failed one; the next schedule tries again.</summary>
    Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken);
}
