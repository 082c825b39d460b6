namespace Kalisecu.Findings;

/// <summary>Walks over the occurrences of a frame; fields in the order of their numbers, each at most once.</summary>
internal ref struct OccurrenceReader(ReadOnlySpan<byte> bodies)
{
    // Tags of the wire: (field number << 3) | 2, length-delimited.
    private const byte BodyTag = 0x12;
    private const byte FindingTag = 0x0A;
    private const byte OccurrenceTag = 0x12;
    private const byte PlaceTag = 0x1A;
    private const byte ExchangeTag = 0x22;

    private readonly ReadOnlySpan<byte> _bodies = bodies;
    private int _at;

    public ReadOnlySpan<byte> FindingId { get; private set; }

    public ReadOnlySpan<byte> OccurrenceId { get; private set; }

    public ReadOnlySpan<byte> Place { get; private set; }

    public ReadOnlySpan<byte> Exchange { get; private set; }

    /// <summary>How many were read.</summary>
    public int Index { get; private set; }

    public OccurrenceKey Key => OccurrenceKey.Read(FindingId, OccurrenceId);

    /// <summary>Goes to the next one; false at the end.</summary>
    public bool Next()
    {
        if (_at == _bodies.Length)
        {
            return false;
        }

        if (!Wire.TryBytes(_bodies, BodyTag, ref _at, out var body))
        {
            throw PushErrors.OccurrenceMalformed(Index);
        }

        var at = 0;
        if (
            !Wire.TryBytes(body, FindingTag, ref at, out var finding)
            || finding.Length != FindingIdentity.Size
            || !Wire.TryBytes(body, OccurrenceTag, ref at, out var occurrence)
            || occurrence.Length != FindingIdentity.Size
            || !Wire.TryBytes(body, PlaceTag, ref at, out var place)
        )
        {
            throw PushErrors.OccurrenceMalformed(Index);
        }

        var exchange = ReadOnlySpan<byte>.Empty;
        if (at < body.Length && !Wire.TryBytes(body, ExchangeTag, ref at, out exchange) || at != body.Length)
        {
            throw PushErrors.OccurrenceMalformed(Index);
        }

        FindingId = finding;
        OccurrenceId = occurrence;
        Place = place;
        Exchange = exchange;
        Index++;
        return true;
    }
}

/// <summary>The few primitives of the protobuf wire format that occurrences need.</summary>
internal static class Wire
{
    public static bool TryVarint(ReadOnlySpan<byte> data, scoped ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && at < data.Length; shift += 7)
        {
            var next = data[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public static bool TryBytes(ReadOnlySpan<byte> data, byte tag, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (at >= data.Length || data[at] != tag)
        {
            return false;
        }

        at++;
        if (!TryVarint(data, ref at, out var length) || length > (ulong)(data.Length - at))
        {
            return false;
        }

        value = data.Slice(at, (int)length);
        at += (int)length;
        return true;
    }
}
