namespace Kalisecu.Compliance;

/// <summary>A text in both languages of the platform.</summary>
internal sealed record ClauseText(string Fr, string En);

/// <summary>A promise of the published policy.</summary>
/// <param name="KeptBy">What keeps it, in a few words each.</param>
internal sealed record Clause(string Id, ClauseText Text, IReadOnlyList<string> KeptBy);
