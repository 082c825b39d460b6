namespace Kalisecu.Findings;

/// <summary>Checks the order of bodies as they come, in one pass over their bytes, and hands them to the lanes.</summary>
internal sealed class PushBodies(
    PushTarget target,
    PushFindings findings,
    PushMerge? merge,
    PushDigest digest,
    PushLanes lanes
)
{
    private const int MaximumBatch = 2_000;

    private ulong _sequence;
    private OccurrenceKey _last;

    public ulong Count { get; private set; }

    /// <summary>Opened by finding, when no ids were negotiated.</summary>
    public PushTally Tally { get; } = new();

    public async Task AddAsync(OccurrenceFrame frame)
    {
        _sequence++;
        if (frame.Sequence != _sequence)
        {
            throw PushErrors.OutOfOrder($"occurrences {_sequence}", $"occurrences {frame.Sequence}");
        }

        var count = Check(frame);
        Count += (ulong)count;
        if (Count > target.Open.OccurrenceCount)
        {
            throw PushErrors.CountMismatch("occurrence", target.Open.OccurrenceCount, Count);
        }

        await lanes.AddAsync(frame, count);
    }

    private int Check(OccurrenceFrame frame)
    {
        var bodies = frame.Bodies;
        while (bodies.Next())
        {
            Check(ref bodies);
        }

        return bodies.Index switch
        {
            0 => throw PushErrors.Invalid("occurrences", "must be at least 1"),
            > MaximumBatch => throw PushErrors.BatchTooLarge("occurrences", MaximumBatch),
            var count => count,
        };
    }

    private void Check(scoped ref OccurrenceReader body)
    {
        var key = body.Key;
        if (key <= _last)
        {
            throw PushErrors.OutOfOrder("a greater occurrence", OccurrenceKey.ToGuid(key.Occurrence).ToString("D"));
        }

        _last = key;
        if (merge is not null)
        {
            merge.Expect(key);
            return;
        }

        findings.Take(key.Finding, 1);
        digest.AddOccurrences(body.OccurrenceId);
        Tally.AddOpened(key.Finding, 1);
    }
}
