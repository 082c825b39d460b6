using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Lets a parser read on only while it makes progress: one that swallows more than a record's limit without handing out
/// anything is building a giant in memory.
/// </summary>
internal sealed class BoundedStream(Stream inner, Func<ReportProblem> tooLarge) : Stream
{
    private long _sinceProgress;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Progress() => _sinceProgress = 0;

    public override int Read(Span<byte> buffer)
    {
        if (_sinceProgress > ReportLimits.RecordBytes)
        {
            throw tooLarge();
        }

        var count = inner.Read(buffer);
        _sinceProgress += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
