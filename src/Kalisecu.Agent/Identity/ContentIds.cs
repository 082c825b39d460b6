using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Agent.Identity;

/// <summary>
/// Ids from content, so that two scans that see the same thing name it the same: UUIDv8 (RFC 9562 §5.8) of SHA-256.
/// </summary>
internal static class ContentIds
{
    private const int GuidBytes = 16;

    public static Guid Finding(Guid siteId, string check) => Make("kalisecu/finding/1\0"u8, siteId, check);

    public static Guid Occurrence(Guid subjectId, string place) => Make("kalisecu/occurrence/1\0"u8, subjectId, place);

    public static Guid Observation(Guid siteId, string kind, string place) =>
        Make("kalisecu/observation/1\0"u8, siteId, $"{kind}\0{place}");

    private static Guid Make(ReadOnlySpan<byte> domain, Guid scope, string content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(domain);

        Span<byte> scopeBytes = stackalloc byte[GuidBytes];
        scope.TryWriteBytes(scopeBytes, bigEndian: true, out _);
        hash.AppendData(scopeBytes);
        hash.AppendData(Encoding.UTF8.GetBytes(content));

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..GuidBytes], bigEndian: true);
    }
}
