using System.Security.Cryptography;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>The chain that one writer forges: each link over the one before. A batch is one step, and one moment.</summary>
internal sealed class AccessChain(Guid writerId)
{
    private readonly AccessHash _hash = new();

    public Guid WriterId { get; } = writerId;

    public long Sequence { get; private set; }

    public byte[] Hash { get; private set; } = new byte[SHA256.HashSizeInBytes];

    private Instant EntryTime { get; set; } = Instant.MinValue;

    /// <summary>Links these drafts; the chain itself moves when <see cref="MoveTo"/> is told that they are durable.</summary>
    public AccessBatch Link(IReadOnlyList<PendingEntry> entries, Instant now)
    {
        // A clock that was set back must not take a chain into a month that it had left.
        var time = Instant.Max(now.ToMicroseconds(), EntryTime);
        var batch = new AccessBatch(WriterId, time, Sequence + 1, Hash, entries.Count);
        var previous = Hash;
        for (var i = 0; i < entries.Count; i++)
        {
            var hash = _hash.Of(entries[i].Draft, WriterId, Sequence + 1 + i, time, previous);
            batch.Add(entries[i].Draft, previous, hash);
            previous = hash;
        }

        return batch;
    }

    public void MoveTo(AccessBatch batch)
    {
        Sequence = batch.LastSequence;
        Hash = batch.LastHash;
        EntryTime = batch.EntryTime;
    }
}

internal static class Microseconds
{
    /// <summary>PostgreSQL keeps microseconds: a digest must cover what will be read back.</summary>
    public static Instant ToMicroseconds(this Instant time) =>
        Instant.FromUnixTimeTicks(time.ToUnixTimeTicks() / 10 * 10);
}
