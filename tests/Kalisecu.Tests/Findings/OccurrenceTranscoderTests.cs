using System.Buffers.Binary;
using System.Text;
using Kalisecu.Findings;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.Tests.Findings;

public sealed class OccurrenceTranscoderTests
{
    private static readonly byte[] FirstId = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly byte[] SecondId = [.. Enumerable.Range(101, 16).Select(i => (byte)i)];

    // PostgreSQL counts from 2000-01-01: a second after it, and one before 1970.
    private const long AfterEpoch = 1_000_000;
    private const long Before1970 = -946_684_801_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void Rows_become_the_messages_that_the_generated_code_reads_however_they_are_cut(int size)
    {
        var lengthy = new string('é', 4000);
        var rows = Copy(
            Row(FirstId, SecondId, "zap", "https://a", AfterEpoch, close: null),
            Row(SecondId, FirstId, "", lengthy, AfterEpoch, close: AfterEpoch + 1),
            Row(SecondId, SecondId, "nuclei", "", Before1970, close: null)
        );

        var (read, isComplete) = Read(rows, size);

        Assert.True(isComplete);
        Assert.Equal(
            [
                Expected(FirstId, SecondId, "zap", "https://a", 946_684_801_000_000, 0),
                Expected(SecondId, FirstId, "", lengthy, 946_684_801_000_000, 946_684_801_000_001),
                Expected(SecondId, SecondId, "nuclei", "", -1_000_000, 0),
            ],
            read
        );
    }

    [Fact]
    public void No_rows_are_an_empty_message()
    {
        var (read, isComplete) = Read(Copy(), 100);

        Assert.Empty(read);
        Assert.True(isComplete);
    }

    [Fact]
    public void Rows_without_the_end_that_postgresql_writes_are_not_complete()
    {
        var (read, isComplete) = Read(Copy(Row(FirstId, SecondId, "zap", "p", 0, close: null))[..^2], 100);

        Assert.Single(read);
        Assert.False(isComplete);
    }

    [Fact]
    public void A_row_of_another_shape_is_a_fault()
    {
        Assert.Throws<InvalidDataException>(() => Read([.. Copy()[..^2], 0, 7], 100));
    }

    [Fact]
    public void A_started_message_holds_only_what_came_after()
    {
        var transcoder = new OccurrenceTranscoder();
        var rows = Copy(Row(FirstId, SecondId, "zap", "p", 0, close: null));
        transcoder.Take(rows);

        transcoder.StartMessage();

        Assert.Equal((0, 0), (transcoder.Count, transcoder.Length));
    }

    private static (List<V1.ExportedOccurrence> Read, bool IsComplete) Read(byte[] rows, int size)
    {
        var transcoder = new OccurrenceTranscoder();
        var held = Array.Empty<byte>();
        foreach (var piece in rows.Chunk(size))
        {
            held = [.. held, .. piece];
            held = held[transcoder.Take(held)..];
        }

        var message = V1.ExportOccurrencesResponse.Parser.ParseFrom(transcoder.Message.Span);
        Assert.Equal(transcoder.Count, message.Occurrences.Count);
        return ([.. message.Occurrences], transcoder.IsComplete);
    }

    private static V1.ExportedOccurrence Expected(
        byte[] finding,
        byte[] occurrence,
        string tool,
        string place,
        long open,
        long close
    ) =>
        new()
        {
            FindingId = Google.Protobuf.ByteString.CopyFrom(finding),
            OccurrenceId = Google.Protobuf.ByteString.CopyFrom(occurrence),
            Tool = tool,
            Place = place,
            OpenTimeMicros = open,
            CloseTimeMicros = close,
        };

    /// <summary>PostgreSQL 15, "COPY", binary format: signature, flags, no header extension, rows, end.</summary>
    private static byte[] Copy(params byte[][] rows) =>
        [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, .. Number(0), .. Number(0), .. rows.SelectMany(r => r), 0xFF, 0xFF];

    private static byte[] Row(byte[] finding, byte[] occurrence, string tool, string place, long open, long? close) =>
        [
            0,
            6,
            .. Field(finding),
            .. Field(occurrence),
            .. Field(Encoding.UTF8.GetBytes(tool)),
            .. Field(Encoding.UTF8.GetBytes(place)),
            .. Field(Micros(open)),
            .. close is { } end ? Field(Micros(end)) : Number(-1),
        ];

    private static byte[] Field(byte[] value) => [.. Number(value.Length), .. value];

    private static byte[] Micros(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
