using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// Walks along what an agent saw and what is open, both in canonical order: tells what is needed, remembers what vanished and
/// counts for each finding. Its counts come from the rows themselves, so they are right whatever earlier pushes left behind.
/// </summary>
internal sealed class PushMerge(TenantDatabase database, PushTarget target, PushFindings findings, PushDigest digest)
    : IAsyncDisposable
{
    private const int MaximumBatch = 20_000;

    // Bounds the ids that one stream keeps: ten batches, a little more than what our agent sends before it listens.
    private const int MaximumUnsent = 200_000;

    private readonly OpenOccurrences _open = new(database, target);
    private readonly Queue<AskedRun> _asked = new();
    private OccurrenceKey _last;
    private int _askedAt;
    private int _unsent;
    private uint _sequence;

    /// <summary>Open at the start and not seen any more.</summary>
    public List<OccurrenceKey> Vanished { get; } = [];

    public PushTally Tally { get; } = new();

    public ulong SeenCount { get; private set; }

    public async Task<V1.IdsNeeded> AddAsync(V1.IdBatch batch, CancellationToken cancellationToken)
    {
        _sequence++;
        if (batch.Sequence != _sequence)
        {
            throw PushErrors.OutOfOrder($"ids {_sequence}", $"ids {batch.Sequence}");
        }

        // Before anything is kept: what one stream can make us hold is what it announced.
        var coming = batch.Findings.Sum(f => (long)f.OccurrenceIds.Length / FindingIdentity.Size);
        if (coming > MaximumBatch)
        {
            throw PushErrors.BatchTooLarge("ids", MaximumBatch);
        }

        if (_unsent + coming > MaximumUnsent)
        {
            throw PushErrors.TooManyUnsent(MaximumUnsent);
        }

        var announced = target.Open.OccurrenceCount;
        if (SeenCount + (ulong)coming > announced)
        {
            throw PushErrors.CountMismatch("occurrence", announced, SeenCount + (ulong)coming);
        }

        var needed = new V1.IdsNeeded { Sequence = _sequence };
        var (index, from) = (0u, 0u);
        foreach (var ids in batch.Findings)
        {
            if (
                ids.FindingId.Length != FindingIdentity.Size
                || ids.OccurrenceIds.Length is 0
                || ids.OccurrenceIds.Length % FindingIdentity.Size != 0
            )
            {
                throw PushErrors.Invalid("ids.findings", "must hold ids of 16 bytes, at least one for each finding");
            }

            var count = ids.OccurrenceIds.Length / FindingIdentity.Size;
            findings.Take(Key(ids, 0).Finding, (ulong)count);
            digest.AddOccurrences(ids.OccurrenceIds.Span);
            var asked = -1;
            for (var i = 0; i < count; i++, index++)
            {
                var key = Key(ids, i);
                if (key <= _last)
                {
                    throw PushErrors.OutOfOrder("a greater id", OccurrenceKey.ToGuid(key.Occurrence).ToString("D"));
                }

                _last = key;
                if (await IsOpenAsync(key, cancellationToken))
                {
                    Ask(ids, ref asked, i);
                    Close(needed, ref from, index);
                    from = index + 1;
                }
                else if (asked < 0)
                {
                    asked = i;
                }
            }

            Ask(ids, ref asked, count);
        }

        Close(needed, ref from, index);
        SeenCount += index;
        return needed;
    }

    /// <summary>Whether this body is the next one that was asked for.</summary>
    public void Expect(in OccurrenceKey body)
    {
        if (!_asked.TryPeek(out var run) || Key(run.Ids, run.From + _askedAt) != body)
        {
            throw PushErrors.NotAsked(body.Occurrence);
        }

        _unsent--;
        if (++_askedAt == run.Count)
        {
            _asked.Dequeue();
            _askedAt = 0;
        }
    }

    /// <summary>After the last ids: what is open beyond them vanished too, and all that was asked for must have come.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        while (await _open.FillAsync(cancellationToken))
        {
            Vanish();
        }

        if (_asked.Count > 0)
        {
            throw PushErrors.CountMismatch(
                "occurrence",
                Tally.Opened,
                Tally.Opened - (ulong)(_asked.Sum(r => (long)r.Count) - _askedAt)
            );
        }
    }

    public ValueTask DisposeAsync() => _open.DisposeAsync();

    private async ValueTask<bool> IsOpenAsync(OccurrenceKey key, CancellationToken cancellationToken)
    {
        while (_open.HasCurrent || await _open.FillAsync(cancellationToken))
        {
            var order = _open.Current.CompareTo(key);
            if (order > 0)
            {
                break;
            }

            if (order == 0)
            {
                Tally.AddUnchanged(key.Finding);
                _open.Advance();
                return true;
            }

            Vanish();
        }

        Tally.AddOpened(key.Finding, 1);
        return false;
    }

    private void Vanish()
    {
        Vanished.Add(_open.Current);
        Tally.AddUnchanged(_open.Current.Finding);
        _open.Advance();
    }

    private void Ask(V1.FindingIds ids, ref int from, int to)
    {
        if (from >= 0)
        {
            _asked.Enqueue(new AskedRun(ids, from, to - from));
            _unsent += to - from;
            from = -1;
        }
    }

    private static void Close(V1.IdsNeeded needed, ref uint from, uint to)
    {
        if (to > from)
        {
            needed.Ranges.Add(from);
            needed.Ranges.Add(to - from);
        }
    }

    private static OccurrenceKey Key(V1.FindingIds ids, int index) =>
        OccurrenceKey.Read(
            ids.FindingId.Span,
            ids.OccurrenceIds.Span.Slice(index * FindingIdentity.Size, FindingIdentity.Size)
        );

    private sealed record AskedRun(V1.FindingIds Ids, int From, int Count);
}
