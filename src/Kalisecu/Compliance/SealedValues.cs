using System.Security.Cryptography;
using System.Text;
using Kalisecu.Keys;

namespace Kalisecu.Compliance;

internal static class SealedValues
{
    // Strict: a sealed value is no text but by a chance of less than one in a million.
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether a value opens with the key, or at least has the form of what a key sealed and is no text.</summary>
    public static bool Sealed(this DataKey key, byte[] value, string column, Guid owner)
    {
        // DataKey: version (1) | nonce (12) | tag (16) | ciphertext.
        if (value.Length < DataKey.Overhead || value[0] != 1)
        {
            return false;
        }

        try
        {
            key.Decrypt(value, column, owner);
            return true;
        }
        catch (CryptographicException)
        {
            // Some values are bound to something else than their column and row.
            return !IsText(value.AsSpan(1));
        }
    }

    private static bool IsText(ReadOnlySpan<byte> value)
    {
        try
        {
            return !Utf8.GetString(value).Any(char.IsControl);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
