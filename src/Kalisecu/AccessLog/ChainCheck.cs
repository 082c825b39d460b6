using System.Security.Cryptography;

namespace Kalisecu.AccessLog;

/// <summary>Follows one writer's chain entry by entry, from root to root, until its first break.</summary>
internal sealed class ChainCheck(Guid writerId, IReadOnlyList<AccessRoot> roots)
{
    private readonly Queue<AccessRoot> _roots = new(roots);
    private byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private long _sequence;

    public ChainBreak? Break { get; private set; }

    public void Take(AccessEntry entry, AccessHash hash)
    {
        if (Break is not null)
        {
            return;
        }

        SkipExpired();
        if (entry.Sequence > _sequence + 1)
        {
            Found(_sequence + 1, ChainBreakKind.Removed);
        }
        else if (entry.Sequence <= _sequence || !entry.PreviousHash.AsSpan().SequenceEqual(_hash))
        {
            Found(entry.Sequence, ChainBreakKind.Reordered);
        }
        else if (!hash.Of(entry).AsSpan().SequenceEqual(entry.Hash))
        {
            Found(entry.Sequence, ChainBreakKind.Changed);
        }
        else
        {
            (_sequence, _hash) = (entry.Sequence, entry.Hash);
            PassRoot();
        }
    }

    /// <summary>Every root must have been passed: what it names and nobody saw was taken from the end.</summary>
    /// <param name="isAnchored">Whether the writer has a root at all; without one, nobody can tell where its chain ends.</param>
    public void End(bool isAnchored)
    {
        SkipExpired();
        if (Break is null && (!isAnchored || (_roots.TryPeek(out var root) && root.LastSequence > _sequence)))
        {
            Found(_sequence + 1, ChainBreakKind.Removed);
        }
    }

    private void PassRoot()
    {
        if (!_roots.TryPeek(out var root) || _sequence < root.LastSequence)
        {
            return;
        }

        _roots.Dequeue();
        if (!root.LastHash.AsSpan().SequenceEqual(_hash))
        {
            Found(_sequence, ChainBreakKind.Changed);
        }
    }

    // Months that left with their partition: the chain goes on from what their root kept.
    private void SkipExpired()
    {
        while (_roots.TryPeek(out var root) && root.IsExpired && root.FirstSequence == _sequence + 1)
        {
            _roots.Dequeue();
            (_sequence, _hash) = (root.LastSequence, root.LastHash);
        }
    }

    private void Found(long sequence, ChainBreakKind kind) => Break = new ChainBreak(writerId, sequence, kind);
}
