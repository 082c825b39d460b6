using System.Buffers.Binary;
using System.Text.Unicode;
using Kalisecu.Keys;
using Kalisecu.Tenants;

namespace Kalisecu.Findings;

/// <summary>
/// Turns occurrences from protobuf's wire format into COPY BINARY rows in one buffer: each id recomputed, each place within the
/// scope, each exchange sealed on the way. Nothing is allocated for an occurrence.
/// </summary>
internal sealed class OccurrenceTuples(PushTarget target, DataKey key) : IDisposable
{
    public const int MaximumPlace = 2_048;
    public const int MaximumExchange = 65_536;

    // The field count, four lengths and what sealing adds.
    private const int RowOverhead = sizeof(short) + 4 * sizeof(int) + DataKey.Overhead;
    private const int HeaderAndEnd = 32;
    private const short Columns = 4;
    private const int Null = -1;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Begins anew, with room for all of these: a buffer that grows leaves smaller ones behind.</summary>
    public void Begin(IReadOnlyCollection<(OccurrenceFrame Frame, int Count)> frames)
    {
        var size = HeaderAndEnd + frames.Sum(f => f.Frame.Length + f.Count * RowOverhead);
        if (_buffer.Length < size)
        {
            Dispose();
            _buffer = PushBuffers.Rent(size);
        }

        // PostgreSQL, "COPY", binary format: signature, flags, length of the header's extension.
        ReadOnlySpan<byte> header =
        [
            0x50,
            0x47,
            0x43,
            0x4F,
            0x50,
            0x59,
            0x0A,
            0xFF,
            0x0D,
            0x0A,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        header.CopyTo(_buffer);
        _length = header.Length;
    }

    public void Add(OccurrenceFrame frame)
    {
        Span<byte> associated = stackalloc byte[FindingIdentity.Size + 8];
        "exchange"u8.CopyTo(associated[FindingIdentity.Size..]);
        var bodies = frame.Bodies;
        while (bodies.Next())
        {
            Check(ref bodies);
            BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), Columns);
            _length += sizeof(short);
            Append(bodies.FindingId);
            Append(bodies.OccurrenceId);
            Append(bodies.Place);
            if (bodies.Exchange.IsEmpty)
            {
                Append(Null);
                continue;
            }

            bodies.OccurrenceId.CopyTo(associated);
            var size = bodies.Exchange.Length + DataKey.Overhead;
            Append(size);
            key.Encrypt(bodies.Exchange, associated, _buffer.AsSpan(_length, size));
            _length += size;
        }
    }

    public void Finish()
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), -1);
        _length += sizeof(short);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            PushBuffers.Return(_buffer);
            _buffer = [];
        }
    }

    private void Check(scoped ref OccurrenceReader body)
    {
        if (
            body.Place.Length is 0 or > MaximumPlace
            || body.Exchange.Length > MaximumExchange
            || body.Place.Contains((byte)0)
            || !Utf8.IsValid(body.Place)
        )
        {
            throw PushErrors.OccurrenceMalformed(body.Index - 1);
        }

        if (!FindingIdentity.IsOccurrence(body.OccurrenceId, body.FindingId, body.Place))
        {
            throw PushErrors.IdMismatch(body.Key.Finding, body.Key.Occurrence);
        }

        if (!target.Scope.Covers(body.Place))
        {
            throw PushErrors.OutOfScope(target.ScanId, AuthorisedScope.OriginOf(body.Place));
        }
    }

    private void Append(ReadOnlySpan<byte> value)
    {
        Append(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    private void Append(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(int);
    }
}
