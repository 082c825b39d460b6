using System.Text.RegularExpressions;
using NodaTime;

namespace Kalisecu.Jobs;

/// <summary>What is known of a job before it runs.</summary>
/// <param name="Name">Small letters and hyphens, such as <c>execute-erasures</c>; unique on the platform.</param>
/// <param name="Description">What it does, one sentence for operators.</param>
/// <param name="LateAfter">How long after its time a run may end well before people are alarmed.</param>
internal sealed partial record JobDefinition(string Name, string Description, Schedule Schedule, Duration LateAfter)
{
    public string Name { get; } =
        NamePattern().IsMatch(Name) ? Name : throw new ArgumentException($"no name of a job: {Name}", nameof(Name));

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{2,49}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
