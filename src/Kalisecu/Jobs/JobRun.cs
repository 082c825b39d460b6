using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>One run as the job sees it: what it is for, and where it tells how far it is.</summary>
internal sealed class JobRun(Guid runId, string job, Instant? slotTime, bool isRecovery)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private JobProgress _progress = new(0, null, "");

    public Guid RunId { get; } = runId;

    public string Job { get; } = job;

    /// <summary>Who acts, as evidence names it.</summary>
    public string Actor => $"worker:{Job}";

    /// <summary>The scheduled time that this run serves; null for a run that somebody asked for.</summary>
    public Instant? SlotTime { get; } = slotTime;

    /// <summary>Whether an earlier run for the same purpose was cut off by the end of its process.</summary>
    public bool IsRecovery { get; } = isRecovery;

    public JobProgress Progress
    {
        get
        {
            lock (_gate)
            {
                return _progress;
            }
        }
    }

    /// <summary>A copy of the counts so far.</summary>
    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Adds to a count of the run's record, such as <c>erased_rows</c>.</summary>
    public void Count(string name, long more = 1)
    {
        lock (_gate)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + more;
        }
    }

    /// <summary>How far the run is; watchers see it within a second or two. Cheap: call it as often as is convenient.</summary>
    /// <param name="step">What is being done, without personal data.</param>
    public void Report(long done, long? total = null, string step = "")
    {
        lock (_gate)
        {
            _progress = new JobProgress(done, total, step);
        }
    }
}

/// <summary>How far a run is.</summary>
internal sealed record JobProgress(long Done, long? Total, string Step);
