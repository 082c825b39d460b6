namespace Kalisecu.Tests.Agent;

/// <summary>A file that is made while it is read: a beginning, one piece many times, an end.</summary>
internal sealed class GeneratedStream(byte[] head, byte[] piece, long times, byte[] tail) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => head.Length + (piece.Length * times) + tail.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var written = 0;
        while (written < buffer.Length && _position < Length)
        {
            var part = Part();
            var count = Math.Min(part.Length, buffer.Length - written);
            part[..count].CopyTo(buffer[written..]);
            written += count;
            _position += count;
        }

        return written;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySpan<byte> Part()
    {
        if (_position < head.Length)
        {
            return head.AsSpan((int)_position);
        }

        var behindHead = _position - head.Length;
        return behindHead < piece.Length * times
            ? piece.AsSpan((int)(behindHead % piece.Length))
            : tail.AsSpan((int)(behindHead - (piece.Length * times)));
    }
}
