namespace Kalisecu.Jobs;

/// <summary>How a run ended.</summary>
/// <param name="Problem">Why it counts as failed, in words without personal data; null when it went well.</param>
internal sealed record JobOutcome(string? Problem = null)
{
    public static JobOutcome Done { get; } = new();

    /// <summary>The run went to its end and found that something is not as it should be.</summary>
    public static JobOutcome Failed(string problem) => new(problem);
}
