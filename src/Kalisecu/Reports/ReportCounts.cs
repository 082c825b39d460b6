namespace Kalisecu.Reports;

/// <summary>What was written into a report, counted while it was written.</summary>
internal sealed class ReportCounts
{
    private readonly int[] _findings = new int[6];

    public long Occurrences { get; private set; }

    public int Observations { get; private set; }

    /// <summary>Findings of this severity, 1 (info) to 5 (critical).</summary>
    public int Of(int severity) => _findings[severity];

    public void AddFinding(int severity) => _findings[severity]++;

    public void AddOccurrence() => Occurrences++;

    public void AddObservation() => Observations++;
}
