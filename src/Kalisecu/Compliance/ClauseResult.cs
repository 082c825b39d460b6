using System.Text.Json;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>What one check said, unchanged, from its first to its last look.</summary>
internal sealed class ClauseResult
{
    // Between two looks further apart, nobody knows what was true: the next look begins anew.
    public static readonly Duration TrustedFor = Duration.FromHours(2);

    private ClauseResult() { }

    public Guid ResultId { get; private init; }

    public string ClauseId { get; private init; } = "";

    public string CheckName { get; private init; } = "";

    public ClauseState State { get; private init; }

    /// <summary>Of the newest look.</summary>
    public string Evidence { get; private set; } = "";

    /// <summary>Of the newest look, as a JSON object of numbers.</summary>
    public string Figures { get; private set; } = "{}";

    public Instant StartTime { get; private init; }

    public Instant CheckTime { get; private set; }

    /// <summary>When a look said otherwise, or the looks ceased; null for the newest.</summary>
    public Instant? EndTime { get; private set; }

    public static ClauseResult Begin(IClauseCheck check, ClauseFinding finding, Instant now)
    {
        var result = new ClauseResult
        {
            ResultId = Ids.New(now),
            ClauseId = check.ClauseId,
            CheckName = check.Name,
            State = finding.State,
            StartTime = Moment.Stored(now),
        };
        result.Take(finding, now);
        return result;
    }

    /// <summary>Takes a look that says the same; false when it says otherwise or comes too late, and then this one is over.</summary>
    public bool Continue(ClauseFinding finding, Instant now)
    {
        if (finding.State == State && IsTrusted(now))
        {
            Take(finding, now);
            return true;
        }

        EndTime = CheckTime;
        return false;
    }

    public bool IsTrusted(Instant now) => now - CheckTime <= TrustedFor;

    public IReadOnlyDictionary<string, long> ReadFigures() =>
        JsonSerializer.Deserialize<Dictionary<string, long>>(Figures) ?? [];

    private void Take(ClauseFinding finding, Instant now)
    {
        Evidence = finding.Evidence;
        Figures = JsonSerializer.Serialize(finding.Figures);
        CheckTime = Moment.Stored(now);
    }
}
