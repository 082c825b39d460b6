using Kalisecu.Agent.Spool;

namespace Kalisecu.Agent.Push;

/// <summary>Which bodies of the spool the server wants and did not get yet: runs of rows, in their order.</summary>
internal sealed class WantedBodies
{
    private readonly Queue<(int From, int Count)> _runs = new();
    private (int From, int Count) _first;

    public int Count { get; private set; }

    public void Add(int from, int count)
    {
        if (count > 0)
        {
            _runs.Enqueue((from, count));
            Count += count;
        }
    }

    /// <summary>Reads the next bodies, one behind the other, as many as a batch and the buffer hold.</summary>
    /// <returns>How many bytes they have.</returns>
    public int Take(IndexedOccurrence[] rows, FileStream bodies, int most, Span<byte> buffer)
    {
        var (length, count) = (0, 0);
        while (count < most && (_first.Count > 0 || _runs.TryDequeue(out _first)))
        {
            var (taken, bytes) = Fit(
                rows.AsSpan(_first.From, Math.Min(_first.Count, most - count)),
                buffer.Length - length
            );
            if (taken == 0)
            {
                break;
            }

            RandomAccess.Read(bodies.SafeFileHandle, buffer.Slice(length, bytes), rows[_first.From].Offset);
            length += bytes;
            count += taken;
            _first = (_first.From + taken, _first.Count - taken);
        }

        Count -= count;
        return length;
    }

    private static (int Count, int Bytes) Fit(ReadOnlySpan<IndexedOccurrence> rows, int room)
    {
        var bytes = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (bytes + rows[i].Length > room)
            {
                return (i, bytes);
            }

            bytes += rows[i].Length;
        }

        return (rows.Length, bytes);
    }
}
