using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Passwords that no person has to remember.</summary>
internal static class Passwords
{
    // 192 bits in letters that need no quoting anywhere.
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
}
