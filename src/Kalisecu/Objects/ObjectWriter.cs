using System.Security.Cryptography;
using Kalisecu.Keys;

namespace Kalisecu.Objects;

/// <summary>Encrypts what is written into a file, chunk by chunk. Holds one chunk in memory.</summary>
internal sealed class ObjectWriter : Stream
{
    private readonly FileStream _file;
    private readonly DataKey _key;
    private readonly long _maxBytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _header = new byte[ObjectFormat.HeaderSize];
    private readonly byte[] _plain = new byte[ObjectFormat.ChunkSize];
    private readonly byte[] _sealed = new byte[ObjectFormat.SealedChunkSize];
    private int _filled;
    private uint _number;
    private long _size;

    public ObjectWriter(FileStream file, DataKey key, long maxBytes)
    {
        _file = file;
        _key = key;
        _maxBytes = maxBytes;
        _header[0] = ObjectFormat.Version;
        RandomNumberGenerator.Fill(_header.AsSpan(1));
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _size;

    public override long Position
    {
        get => _size;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        _size += buffer.Length;
        if (_size > _maxBytes)
        {
            throw ObjectErrors.TooLarge(_maxBytes);
        }

        _hash.AppendData(buffer.Span);
        while (!buffer.IsEmpty)
        {
            // Only when more follows is it known that a full chunk is not the last.
            if (_filled == _plain.Length)
            {
                await WriteChunkAsync(last: false, cancellationToken);
            }

            var taken = Math.Min(buffer.Length, _plain.Length - _filled);
            buffer[..taken].CopyTo(_plain.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes the last chunk and waits until the disk has everything.</summary>
    public async Task<StoredObject> CompleteAsync(CancellationToken cancellationToken)
    {
        await WriteChunkAsync(last: true, cancellationToken);
        await _file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
        var digest = _hash.GetHashAndReset();
        return new StoredObject(Convert.ToHexStringLower(digest), digest, _size);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
            CryptographicOperations.ZeroMemory(_plain);
        }

        base.Dispose(disposing);
    }

    private async Task WriteChunkAsync(bool last, CancellationToken cancellationToken)
    {
        if (_number == 0)
        {
            await _file.WriteAsync(_header, cancellationToken);
        }

        var output = _sealed.AsMemory(0, _filled + DataKey.Overhead);
        _key.Encrypt(_plain.AsSpan(0, _filled), ObjectFormat.Associated(_header, _number, last), output.Span);
        await _file.WriteAsync(output, cancellationToken);
        _number++;
        _filled = 0;
    }
}
