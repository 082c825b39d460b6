using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Accounts;

/// <summary>Tokens of sessions and invitations: 256 random bits, of which only a hash is ever stored.</summary>
internal static class OpaqueToken
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // A plain hash is enough: nobody can try 2^256 tokens, and a look-up must be quick.
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
