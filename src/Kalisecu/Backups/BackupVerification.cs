using System.Text.Json;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Backups;

internal enum VerificationOutcome
{
    Passed,
    Failed,
}

/// <summary>A trial of a backup, and what it showed.</summary>
internal sealed class BackupVerification
{
    private BackupVerification() { }

    public Guid VerificationId { get; private init; }

    public Guid BackupId { get; private init; }

    public Instant StartTime { get; private init; }

    public Instant EndTime { get; private init; }

    public VerificationOutcome Outcome { get; private init; }

    /// <summary>What was wrong, one sentence each, without personal data.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <summary>Numbers by name, as JSON.</summary>
    public string Figures { get; private init; } = "{}";

    public Guid RunId { get; private init; }

    public static BackupVerification Of(
        Guid backupId,
        Instant startTime,
        Instant endTime,
        TrialResult result,
        Guid runId
    ) =>
        new()
        {
            VerificationId = Ids.New(endTime),
            BackupId = backupId,
            StartTime = Moment.Stored(startTime),
            EndTime = Moment.Stored(endTime),
            Outcome = result.Problems.Count == 0 ? VerificationOutcome.Passed : VerificationOutcome.Failed,
            Problems = [.. result.Problems],
            Figures = JsonSerializer.Serialize(result.Figures),
            RunId = runId,
        };

    public IReadOnlyDictionary<string, long> ReadFigures() =>
        JsonSerializer.Deserialize<Dictionary<string, long>>(Figures) ?? [];
}
