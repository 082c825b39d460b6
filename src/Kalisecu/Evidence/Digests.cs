using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Evidence;

/// <summary>What evidence keeps in place of contents.</summary>
internal static class Digests
{
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
