namespace Kalisecu.Backups;

/// <summary>What a trial of a restore showed: numbers by name, and what was wrong.</summary>
internal sealed class TrialResult
{
    private readonly SortedDictionary<string, long> _figures = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    public IReadOnlyDictionary<string, long> Figures => _figures;

    public IReadOnlyList<string> Problems => _problems;

    public bool IsGood => _problems.Count == 0;

    public void Count(string name, long value) => _figures[name] = value;

    /// <summary>Says what is wrong with the backup.</summary>
    /// <param name="problem">One sentence, without personal data.</param>
    public void Fail(string problem) => _problems.Add(problem);

    public void FailAll(IEnumerable<string> problems) => _problems.AddRange(problems);
}

/// <summary>What is to be tried.</summary>
/// <param name="Label">The backup, as the repository names it.</param>
/// <param name="Manifest">What it has to give back at its own restore point.</param>
/// <param name="LatestPoint">A restore point in the newest archived piece of the log.</param>
/// <param name="Database">The name of our database.</param>
internal sealed record TrialPlan(string Label, BackupManifest Manifest, string LatestPoint, string Database);
