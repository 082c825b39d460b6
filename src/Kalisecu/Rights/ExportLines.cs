using System.Buffers;
using System.Text.Json;
using Kalisecu.Objects;

namespace Kalisecu.Rights;

/// <summary>Renders an export while its object streams by: what the lines of its JSON hold, one after the other.</summary>
internal interface IExportRendering
{
    Task BeginAsync(JsonElement header);

    Task AddAsync(JsonElement record);

    Task EndAsync();
}

/// <summary>Cuts the stream of an export into its lines. Holds one line in memory.</summary>
internal sealed class ExportLines(IExportRendering rendering)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isBegun;

    /// <summary>A stream that takes the export's JSON.</summary>
    public ChunkStream ToStream() => new(AddAsync);

    private async Task AddAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                _line.Write(bytes.Span);
                return;
            }

            _line.Write(bytes.Span[..end]);
            await TakeAsync(_line.WrittenMemory);
            _line.ResetWrittenCount();
            bytes = bytes[(end + 1)..];
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> line)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            using var first = JsonDocument.Parse(Completed(line));
            await rendering.BeginAsync(first.RootElement.GetProperty("header"));
        }
        else if (line.Span[0] == (byte)']')
        {
            await rendering.EndAsync();
        }
        else
        {
            using var record = JsonDocument.Parse(line.Span[0] == (byte)',' ? line[1..] : line);
            await rendering.AddAsync(record.RootElement);
        }
    }

    // The first line opens the array of records and leaves it open.
    private static byte[] Completed(ReadOnlyMemory<byte> line) => [.. line.Span, .. "]}"u8];
}
