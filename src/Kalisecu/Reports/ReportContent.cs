using System.Text;
using Google.Protobuf;

namespace Kalisecu.Reports;

/// <summary>
/// The frozen form of a report (docs/report-schema.md): a JSON document with one entry a line, so that both ends stream it.
/// </summary>
internal sealed class ReportContentWriter(Stream destination) : IDisposable
{
    public const string Schema = "kalisecu-report/1";

    private static readonly byte[] Start = Encoding.UTF8.GetBytes($"{{\"schema\":\"{Schema}\",\"entries\":[\n");
    private static readonly byte[] Between = ",\n"u8.ToArray();
    private static readonly byte[] End = "\n]}\n"u8.ToArray();

    // Holds some hundred entries: few writes into the sealed object, and little memory.
    private const int FlushAt = 48 * 1024;

    private readonly MemoryStream _buffer = new(FlushAt * 2);
    private bool _any;

    public async Task WriteAsync(V1.ReportEntry entry, CancellationToken cancellationToken)
    {
        _buffer.Write(_any ? Between : Start);
        _any = true;
        _buffer.Write(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(entry)));
        if (_buffer.Length >= FlushAt)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _buffer.Write(End);
        await FlushAsync(cancellationToken);
    }

    public void Dispose() => _buffer.Dispose();

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_buffer.GetBuffer().AsMemory(0, (int)_buffer.Length), cancellationToken);
        _buffer.SetLength(0);
    }
}

/// <summary>A stream to write a frozen report into: gives its entries, one by one, as they come.</summary>
internal sealed class ReportContentReader(Func<V1.ReportEntry, CancellationToken, ValueTask> take) : Stream
{
    private readonly MemoryStream _line = new();
    private bool _headSeen;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (buffer.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            _line.Write(buffer[..end].Span);
            buffer = buffer[(end + 1)..];
            await TakeLineAsync(cancellationToken);
        }

        _line.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _line.Dispose();
        base.Dispose(disposing);
    }

    private async Task TakeLineAsync(CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length);
        _line.SetLength(0);
        if (!_headSeen)
        {
            _headSeen = text.Contains(ReportContentWriter.Schema, StringComparison.Ordinal)
                ? true
                : throw new InvalidDataException("Not a report of a form that this version reads.");
            return;
        }

        if (text.StartsWith("{ ", StringComparison.Ordinal))
        {
            await take(JsonParser.Default.Parse<V1.ReportEntry>(text.TrimEnd(',')), cancellationToken);
        }
    }
}
