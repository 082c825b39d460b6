using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kalisecu.Findings;

/// <summary>What an occurrence is sorted by: finding, then occurrence, both as unsigned big-endian numbers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OccurrenceKey(UInt128 Finding, UInt128 Occurrence) : IComparable<OccurrenceKey>
{
    public static OccurrenceKey Read(ReadOnlySpan<byte> finding, ReadOnlySpan<byte> occurrence) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(finding), BinaryPrimitives.ReadUInt128BigEndian(occurrence));

    public static bool operator <(OccurrenceKey left, OccurrenceKey right) => left.CompareTo(right) < 0;

    public static bool operator >(OccurrenceKey left, OccurrenceKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(OccurrenceKey left, OccurrenceKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OccurrenceKey left, OccurrenceKey right) => left.CompareTo(right) >= 0;

    public static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[FindingIdentity.Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new Guid(bytes, bigEndian: true);
    }

    public static UInt128 FromGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[FindingIdentity.Size];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public int CompareTo(OccurrenceKey other)
    {
        var finding = Finding.CompareTo(other.Finding);
        return finding != 0 ? finding : Occurrence.CompareTo(other.Occurrence);
    }
}
