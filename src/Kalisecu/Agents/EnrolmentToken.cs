using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Kalisecu.Agents;

/// <summary>A one-time token; its text is shown once, its hash is kept.</summary>
internal sealed record EnrolmentToken(string Text, byte[] Hash, Instant ExpireTime)
{
    // 256 bits: nobody guesses it, so a plain hash protects it.
    private const int Size = 32;

    public static EnrolmentToken Make(Instant now, Duration validity)
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        return new EnrolmentToken(text, HashOf(text), now + validity);
    }

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
