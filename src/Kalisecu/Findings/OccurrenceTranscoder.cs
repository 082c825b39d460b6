using System.Buffers.Binary;

namespace Kalisecu.Findings;

/// <summary>
/// Turns PostgreSQL's binary COPY rows (finding_id, occurrence_id, tool, place, open_time, close_time) into the wire bytes of
/// <c>ExportOccurrencesResponse</c>, field by field, from one buffer into another, so that a row makes no garbage.
/// </summary>
internal sealed class OccurrenceTranscoder
{
    // PostgreSQL 15, "COPY": signature (11), flags (4), length of the header extension (4).
    private const int HeaderLength = 19;
    private const int FieldCount = 6;
    private const int IdLength = 16;

    // PostgreSQL counts microseconds from 2000-01-01, the contract from 1970-01-01.
    private const long EpochDifference = 946_684_800_000_000;

    // Tag and length of the entry, both ids with theirs, two times with theirs, tags and lengths of two texts.
    private const int MaximumOverhead = 6 + (2 * (2 + IdLength)) + (2 * 11) + (2 * 6);

    private byte[] _output = new byte[96 * 1024];
    private int _length;
    private bool _headerRead;

    /// <summary>Whether PostgreSQL has said that no row follows.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Entries in the message so far.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Message => _output.AsMemory(0, _length);

    public int Length => _length;

    public void StartMessage()
    {
        _length = 0;
        Count = 0;
    }

    /// <summary>Takes whole rows from the start of the input; answers how many bytes were used.</summary>
    public int Take(ReadOnlySpan<byte> input)
    {
        var used = 0;
        if (!_headerRead)
        {
            if (input.Length < HeaderLength)
            {
                return 0;
            }

            _headerRead = true;
            used = HeaderLength + BinaryPrimitives.ReadInt32BigEndian(input[(HeaderLength - 4)..]);
        }

        while (!IsComplete && TryTakeRow(input[used..], out var rowLength))
        {
            used += rowLength;
        }

        return used;
    }

    private bool TryTakeRow(ReadOnlySpan<byte> input, out int rowLength)
    {
        rowLength = 0;
        if (input.Length < 2)
        {
            return false;
        }

        var fields = BinaryPrimitives.ReadInt16BigEndian(input);
        if (fields == -1)
        {
            IsComplete = true;
            rowLength = 2;
            return true;
        }

        if (fields != FieldCount)
        {
            throw new InvalidDataException($"A row of the export has {fields} columns.");
        }

        var at = 2;
        if (
            !TryField(input, ref at, out var finding)
            || !TryField(input, ref at, out var occurrence)
            || !TryField(input, ref at, out var tool)
            || !TryField(input, ref at, out var place)
            || !TryField(input, ref at, out var open)
            || !TryField(input, ref at, out var close)
        )
        {
            return false;
        }

        Write(finding, occurrence, tool, place, Micros(open), close.IsEmpty ? 0 : Micros(close));
        rowLength = at;
        return true;
    }

    private static bool TryField(ReadOnlySpan<byte> input, ref int at, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (input.Length < at + 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(input[at..]);
        at += 4;
        if (length < 0)
        {
            return true;
        }

        if (input.Length < at + length)
        {
            return false;
        }

        field = input.Slice(at, length);
        at += length;
        return true;
    }

    private static long Micros(ReadOnlySpan<byte> field) =>
        BinaryPrimitives.ReadInt64BigEndian(field) + EpochDifference;

    private void Write(
        ReadOnlySpan<byte> finding,
        ReadOnlySpan<byte> occurrence,
        ReadOnlySpan<byte> tool,
        ReadOnlySpan<byte> place,
        long openMicros,
        long closeMicros
    )
    {
        Reserve(MaximumOverhead + tool.Length + place.Length);
        var length =
            (2 * (2 + IdLength))
            + TextLength(tool)
            + TextLength(place)
            + NumberLength(openMicros)
            + NumberLength(closeMicros);
        _output[_length++] = ProtoWire.LengthTag(1);
        WriteVarint((ulong)length);
        WriteBytes(1, finding);
        WriteBytes(2, occurrence);
        WriteBytes(3, tool);
        WriteBytes(4, place);
        WriteNumber(5, openMicros);
        WriteNumber(6, closeMicros);
        Count++;
    }

    private void WriteBytes(int number, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        _output[_length++] = ProtoWire.LengthTag(number);
        WriteVarint((ulong)value.Length);
        value.CopyTo(_output.AsSpan(_length));
        _length += value.Length;
    }

    private void WriteNumber(int number, long value)
    {
        if (value != 0)
        {
            _output[_length++] = ProtoWire.VarintTag(number);
            WriteVarint(unchecked((ulong)value));
        }
    }

    private void WriteVarint(ulong value) => _length += ProtoWire.WriteVarint(_output.AsSpan(_length), value);

    private static int TextLength(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? 0 : 1 + ProtoWire.VarintLength((ulong)text.Length) + text.Length;

    private static int NumberLength(long value) => value == 0 ? 0 : 1 + ProtoWire.VarintLength(unchecked((ulong)value));

    private void Reserve(int bytes)
    {
        if (_length + bytes > _output.Length)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _length + bytes));
        }
    }
}
