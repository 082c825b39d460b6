using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Persistence;

/// <summary>What PostgreSQL stores of a password, computed here so that the password itself is in no statement and no log.</summary>
internal static class ScramVerifier
{
    // PostgreSQL 15's SCRAM_DEFAULT_ITERATIONS; our passwords are random, so more would only slow connecting.
    private const int Iterations = 4096;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            outputLength: 32
        );

        // RFC 5802, section 3; the layout is the one of pg_authid.rolpassword.
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var storedKey = SHA256.HashData(clientKey);
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
