using System.Security.Cryptography;
using System.Text;
using Kalisecu.Persistence;

namespace Kalisecu.Findings;

/// <summary>
/// Ids from content: UUIDv8 of a SHA-256, 16 bytes in RFC 4122 order. The agent makes them, the server recomputes each one;
/// its copy of this rule is <c>ContentIds</c>, and a test holds the two equal.
/// </summary>
internal static class FindingIdentity
{
    public const int Size = 16;

    /// <summary>The longest content that is hashed on the stack; everything longer is refused before.</summary>
    public const int MaximumContent = 2048;

    private const int LongestDomain = 24;

    public static Guid Finding(Guid siteId, string check) =>
        Ids.FromContent([
            .. "kalisecu/finding/1\0"u8,
            .. siteId.ToByteArray(bigEndian: true),
            .. Encoding.UTF8.GetBytes(check),
        ]);

    public static Guid Observation(Guid siteId, string kind, string place) =>
        Ids.FromContent([
            .. "kalisecu/observation/1\0"u8,
            .. siteId.ToByteArray(bigEndian: true),
            .. Encoding.UTF8.GetBytes($"{kind}\0{place}"),
        ]);

    /// <summary>Whether this is the id of the occurrence of that finding at this place; allocates nothing.</summary>
    public static bool IsOccurrence(
        ReadOnlySpan<byte> occurrenceId,
        ReadOnlySpan<byte> findingId,
        ReadOnlySpan<byte> place
    )
    {
        var domain = "kalisecu/occurrence/1\0"u8;
        Span<byte> content = stackalloc byte[LongestDomain + Size + MaximumContent];
        domain.CopyTo(content);
        findingId.CopyTo(content[domain.Length..]);
        place.CopyTo(content[(domain.Length + Size)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content[..(domain.Length + Size + place.Length)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return hash[..Size].SequenceEqual(occurrenceId);
    }
}
