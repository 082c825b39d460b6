using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Kalisecu.Errors;

namespace Kalisecu.Persistence;

/// <summary>One page of a list: how many rows, and the sort keys of the last row of the page before.</summary>
internal sealed record PageRequest(int Size, IReadOnlyList<string>? After, string Filter)
{
    // AIP-158: a default that a person reads, a maximum that keeps one answer small.
    public const int DefaultSize = 100;
    public const int MaximumSize = 1000;

    /// <summary>
    /// Reads page_size and page_token. <paramref name="filter"/> is the request without both: a token is good only for the
    /// list that gave it.
    /// </summary>
    public static PageRequest Read(int pageSize, string pageToken, int keyCount, IMessage filter, Violations violations)
    {
        violations.Check(
            pageSize is >= 0 and <= MaximumSize,
            "page_size",
            $"must be 0 to {MaximumSize} (0 means {DefaultSize})"
        );
        var size = pageSize == 0 ? DefaultSize : Math.Clamp(pageSize, 1, MaximumSize);
        var digest = Convert.ToHexStringLower(SHA256.HashData(filter.ToByteArray()).AsSpan(0, 8));
        return new PageRequest(size, pageToken.Length == 0 ? null : ReadToken(pageToken, keyCount, digest), digest);
    }

    /// <summary>The token that continues after a row with these sort keys.</summary>
    public string TokenAfter(params string[] keys) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([Filter, .. keys]));

    private static string[] ReadToken(string token, int keyCount, string digest)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(token));
            if (
                parts is not null
                && parts.Length == keyCount + 1
                && string.Equals(parts[0], digest, StringComparison.Ordinal)
            )
            {
                return parts[1..];
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or DecoderFallbackException)
        {
            // Not one of our tokens: answered below like a token of another list.
        }

        throw GeneralErrors.PageTokenInvalid();
    }
}
