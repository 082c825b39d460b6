using System.Buffers.Binary;
using Kalisecu.Keys;

namespace Kalisecu.Objects;

/// <summary>
/// Version (1) | random prefix (16) | sealed chunks of 64 KiB, the last one shorter. Each chunk is bound to its object, its number
/// and whether it is the last: chunks that are missing, swapped or cut off at the end do not open (as in STREAM, Hoang,
/// Reyhanitabar, Rogaway and Vizár, 2015).
/// </summary>
internal static class ObjectFormat
{
    public const byte Version = 1;
    public const int PrefixSize = 16;
    public const int HeaderSize = 1 + PrefixSize;
    public const int ChunkSize = 64 * 1024;
    public const int SealedChunkSize = ChunkSize + DataKey.Overhead;

    /// <summary>What a chunk is bound to.</summary>
    public static byte[] Associated(ReadOnlySpan<byte> header, uint number, bool last)
    {
        var associated = new byte[HeaderSize + sizeof(uint) + 1];
        header.CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated.AsSpan(HeaderSize), number);
        associated[^1] = last ? (byte)1 : (byte)0;
        return associated;
    }
}
