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
    private PushMemory? _memory;

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

    /// <summary>What it takes of the memory: the pool's arrays are larger than what is asked for.</summary>
    public int Size => _buffer?.Length ?? 0;

    public OccurrenceReader Bodies => new(_buffer.AsSpan(_bodiesAt, Length - _bodiesAt));

    /// <summary>Copies a message out of the transport's buffers; null when it is not one in the order that the contract asks for.</summary>
    public static OccurrenceFrame? Copy(in ReadOnlySequence<byte> message)
    {
        var length = checked((int)message.Length);
        var buffer = PushBuffers.Rent(length);
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

        PushBuffers.Return(buffer);
        return null;
    }

    /// <summary>Waits until there is room for it, and has that room until it is disposed.</summary>
    public async ValueTask HoldAsync(PushMemory memory, CancellationToken cancellationToken)
    {
        await memory.TakeAsync(Size, cancellationToken);
        _memory = memory;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            PushBuffers.Return(buffer);
            _memory?.GiveBack(buffer.Length);
        }
    }

    private static bool TrySequence(ReadOnlySpan<byte> data, ref int at, out ulong sequence)
    {
        at++;
        return Wire.TryVarint(data, ref at, out sequence);
    }
}
