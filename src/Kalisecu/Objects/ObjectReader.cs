using System.Security.Cryptography;
using Kalisecu.Keys;

namespace Kalisecu.Objects;

/// <summary>Decrypts a file, chunk by chunk. Holds one chunk in memory, and gives out no byte that it has not verified.</summary>
internal sealed class ObjectReader(FileStream file, DataKey key)
{
    private readonly byte[] _sealed = new byte[ObjectFormat.SealedChunkSize];
    private readonly byte[] _plain = new byte[ObjectFormat.ChunkSize];

    /// <summary>Whether the file is whole, unchanged and what its name says.</summary>
    public async Task<bool> CopyToAsync(Stream destination, string name, CancellationToken cancellationToken)
    {
        var header = new byte[ObjectFormat.HeaderSize];
        if (
            await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken)
                < header.Length
            || header[0] != ObjectFormat.Version
        )
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var last = false;
        for (uint number = 0; !last; number++)
        {
            var read = await file.ReadAtLeastAsync(
                _sealed,
                _sealed.Length,
                throwOnEndOfStream: false,
                cancellationToken
            );
            last = file.Position == file.Length;
            if (!TryOpen(_sealed.AsSpan(0, read), ObjectFormat.Associated(header, number, last)))
            {
                return false;
            }

            var plain = _plain.AsMemory(0, read - DataKey.Overhead);
            hash.AppendData(plain.Span);
            await destination.WriteAsync(plain, cancellationToken);
        }

        return string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), name, StringComparison.Ordinal);
    }

    private bool TryOpen(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> associated)
    {
        if (chunk.Length < DataKey.Overhead)
        {
            return false;
        }

        try
        {
            key.Decrypt(chunk, associated, _plain.AsSpan(0, chunk.Length - DataKey.Overhead));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
