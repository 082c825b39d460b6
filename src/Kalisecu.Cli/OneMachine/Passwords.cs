using System.Buffers.Text;
using System.Security.Cryptography;
using Kalisecu.Certificates;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Random passwords in files that only their owner may read.</summary>
internal static class Passwords
{
    /// <summary>The password in the file, made at first use.</summary>
    public static string ReadOrMake(string file)
    {
        if (!File.Exists(file))
        {
            PemFiles.WriteSecret(file, Make());
        }

        return File.ReadAllText(file);
    }

    // 192 bits in letters that need no quoting anywhere.
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
}
