using System.Buffers.Binary;

namespace Kalisecu.Agent.Identity;

/// <summary>
/// Counts how often an id came. The one thing that grows with a report, so it holds 8 bytes an id: the low half, of which
/// 62 bits are hash. Among a million ids a false "seen before" has odds of 1 in 9 million and costs a needless " #2".
/// </summary>
internal sealed class RepeatCounter
{
    private readonly Dictionary<ulong, int> _repeats = [];
    private ulong[] _slots = new ulong[1024];
    private int _count;

    /// <summary>1 for the first time, 2 for the second …</summary>
    public int Count(Guid id)
    {
        var key = Key(id);
        if (Add(key))
        {
            return 1;
        }

        var count = _repeats.GetValueOrDefault(key, 1) + 1;
        _repeats[key] = count;
        return count;
    }

    private static ulong Key(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);

        // The variant bits keep it from ever being zero, which marks a free slot.
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    private bool Add(ulong key)
    {
        if (_count >= _slots.Length / 4 * 3)
        {
            Grow();
        }

        var added = Place(_slots, key);
        _count += added ? 1 : 0;
        return added;
    }

    private void Grow()
    {
        var larger = new ulong[checked(_slots.Length * 2)];
        foreach (var key in _slots)
        {
            if (key != 0)
            {
                Place(larger, key);
            }
        }

        _slots = larger;
    }

    private static bool Place(ulong[] slots, ulong key)
    {
        var mask = (ulong)slots.Length - 1;
        for (var at = key & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == 0)
            {
                slots[at] = key;
                return true;
            }

            if (slots[at] == key)
            {
                return false;
            }
        }
    }
}
