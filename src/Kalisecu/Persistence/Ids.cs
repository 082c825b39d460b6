using System.Buffers.Binary;
using System.Security.Cryptography;
using NodaTime;

namespace Kalisecu.Persistence;

/// <summary>Makes identifiers: time-ordered for what is created, from content for what is recognised.</summary>
internal static class Ids
{
    /// <summary>UUIDv7 (RFC 9562, section 5.7): sorts by time, so that indexes grow at their end.</summary>
    public static Guid New(Instant now) => Guid.CreateVersion7(now.ToDateTimeOffset());

    /// <summary>UUIDv8 (RFC 9562, section 5.8) of the first 16 bytes of a SHA-256.</summary>
    public static Guid FromContent(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromHash(hash);
    }

    public static Guid FromHash(Span<byte> hash)
    {
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>A number for PostgreSQL's advisory locks, from a name; two names may share one, which only costs waiting.</summary>
    public static long LockKey(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
