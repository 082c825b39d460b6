namespace Kalisecu.Compliance;

/// <summary>Rises with weight: of several checks the heaviest decides.</summary>
internal enum ClauseState
{
    Holds,
    Unproven,
    Broken,
}

/// <summary>What a check says.</summary>
/// <param name="Evidence">What it saw, in one English sentence: counts and identifiers, never contents.</param>
/// <param name="Figures">Figures to the sentence.</param>
internal sealed record ClauseFinding(ClauseState State, string Evidence, IReadOnlyDictionary<string, long> Figures)
{
    public static ClauseFinding Holds(string evidence, params (string Name, long Value)[] figures) =>
        Make(ClauseState.Holds, evidence, figures);

    public static ClauseFinding Unproven(string evidence, params (string Name, long Value)[] figures) =>
        Make(ClauseState.Unproven, evidence, figures);

    public static ClauseFinding Broken(string evidence, params (string Name, long Value)[] figures) =>
        Make(ClauseState.Broken, evidence, figures);

    private static ClauseFinding Make(ClauseState state, string evidence, (string Name, long Value)[] figures) =>
        new(state, evidence, figures.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal));
}
