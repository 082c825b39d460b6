using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kalisecu.Agent.Spool;

/// <summary>One occurrence of a spooled scan: its ids and where its body lies.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexedOccurrence(UInt128 Finding, UInt128 Occurrence, long Offset, int Length)
    : IComparable<IndexedOccurrence>
{
    public static bool operator <(IndexedOccurrence left, IndexedOccurrence right) => left.CompareTo(right) < 0;

    public static bool operator >(IndexedOccurrence left, IndexedOccurrence right) => left.CompareTo(right) > 0;

    public static bool operator <=(IndexedOccurrence left, IndexedOccurrence right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IndexedOccurrence left, IndexedOccurrence right) => left.CompareTo(right) >= 0;

    /// <summary>The canonical order: ids as unsigned big-endian numbers.</summary>
    public int CompareTo(IndexedOccurrence other)
    {
        var finding = Finding.CompareTo(other.Finding);
        return finding != 0 ? finding : Occurrence.CompareTo(other.Occurrence);
    }
}

/// <summary>The file of ids in canonical order: finding (16), occurrence (16), length of its body (4), nothing else.</summary>
internal static class OccurrenceIndex
{
    private const int IdSize = 16;
    private const int RowSize = 2 * IdSize + sizeof(int);

    public static byte[] Write(ReadOnlySpan<IndexedOccurrence> rows)
    {
        var bytes = new byte[rows.Length * RowSize];
        var at = bytes.AsSpan();
        foreach (var row in rows)
        {
            BinaryPrimitives.WriteUInt128BigEndian(at, row.Finding);
            BinaryPrimitives.WriteUInt128BigEndian(at[IdSize..], row.Occurrence);
            BinaryPrimitives.WriteInt32BigEndian(at[(2 * IdSize)..], row.Length);
            at = at[RowSize..];
        }

        return bytes;
    }

    public static IndexedOccurrence[] Read(ReadOnlySpan<byte> bytes)
    {
        var rows = new IndexedOccurrence[bytes.Length / RowSize];
        var offset = 0L;
        for (var i = 0; i < rows.Length; i++, bytes = bytes[RowSize..])
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[(2 * IdSize)..]);
            rows[i] = new IndexedOccurrence(
                BinaryPrimitives.ReadUInt128BigEndian(bytes),
                BinaryPrimitives.ReadUInt128BigEndian(bytes[IdSize..]),
                offset,
                length
            );
            offset += length;
        }

        return rows;
    }
}
