using System.Buffers;

namespace Kalisecu.Findings;

/// <summary>
/// A batch of occurrences as it came over the wire. No object is made for an occurrence: its bytes are checked, sealed and
/// copied into the database's own format.
/// </summary>
internal sealed class OccurrenceFrame : IDisposable
{
    /// <summary>Tag of <c>PushScanRequest.occurrences</c>: field 4, length-delimited.</summary>
    public const byte Tag = 0x22;

    private const byte SequenceTag = 0x08;

    private readonly int _bodiesAt;
    private byte[]? _buffer;

    private OccurrenceFrame(byte[] buffer, int length, int bodiesAt, ulong sequence)
    {
        _buffer = buffer;
        Length = length;
        _bodiesAt = bodiesAt;
        Sequence = sequence;
    }

    public ulong Sequence { get; }

    /// <summary>Bytes of the whole message.</summary>
    public int Length { get; }

    public OccurrenceReader Bodies => new(_buffer.AsSpan(_bodiesAt, Length - _bodiesAt));

    /// <summary>Copies a message out of the transport's buffers; null when it is not one in the order that the contract asks for.</summary>
    public static OccurrenceFrame? Copy(in ReadOnlySequence<byte> message)
    {
        var length = checked((int)message.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        message.CopyTo(buffer);
        var at = 1;
        var data = buffer.AsSpan(0, length);
        var sequence = 0UL;
        if (
            Wire.TryVarint(data, ref at, out var inner)
            && inner == (ulong)(length - at)
            && (at == length || data[at] != SequenceTag || TrySequence(data, ref at, out sequence))
        )
        {
            return new OccurrenceFrame(buffer, length, at, sequence);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TrySequence(ReadOnlySpan<byte> data, ref int at, out ulong sequence)
    {
        at++;
        return Wire.TryVarint(data, ref at, out sequence);
    }
}
