using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kalisecu.Errors;
using Konscious.Security.Cryptography;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// Argon2id (RFC 9106), stored as a PHC string that carries its own parameters: when ours rise, old hashes still verify and
/// are renewed at the next sign-in.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    // OWASP Password Storage Cheat Sheet: Argon2id with m=19 MiB, t=2, p=1 at least.
    private static readonly Argon2Cost Current = new(19 * 1024, 2, 1);

    // A person waits no longer than this; whoever floods us with hashes must not make all others wait behind them.
    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(10);
    private static readonly Duration RetryAfter = Duration.FromSeconds(2);

    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // One a processor: more would only wait for each other, each holding 19 MiB.
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);

    // Compared when there is nobody to compare with, so that an unknown address takes as long as a known one.
    private readonly string _nobody = Encode(Current, new byte[SaltBytes], new byte[HashBytes]);

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Encode(Current, salt, await ComputeAsync(Current, password, salt, HashBytes, cancellationToken));
    }

    /// <summary>Whether the password made this hash; null stands for nobody's, and takes as long.</summary>
    public async Task<bool> VerifyAsync(string? stored, string password, CancellationToken cancellationToken)
    {
        var (cost, salt, hash) = Decode(stored ?? _nobody);
        var computed = await ComputeAsync(cost, password, salt, hash.Length, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(computed, hash) && stored is not null;
    }

    public static bool IsOutdated(string stored) => Decode(stored).Cost != Current;

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]> ComputeAsync(
        Argon2Cost cost,
        string password,
        byte[] salt,
        int length,
        CancellationToken cancellationToken
    )
    {
        if (!await _slots.WaitAsync(WaitAtMost, cancellationToken))
        {
            throw GeneralErrors.LimitExceeded("sign-ins at a time", RetryAfter);
        }

        try
        {
            using var argon = new Argon2id(Encoding.UTF8.GetBytes(password))
            {
                Salt = salt,
                MemorySize = cost.MemoryKib,
                Iterations = cost.Passes,
                DegreeOfParallelism = cost.Lanes,
            };
            return await argon.GetBytesAsync(length);
        }
        finally
        {
            _slots.Release();
        }
    }

    internal static string Encode(Argon2Cost cost, byte[] salt, byte[] hash) =>
        $"$argon2id$v=19$m={cost.MemoryKib},t={cost.Passes},p={cost.Lanes}${Base64(salt)}${Base64(hash)}";

    private static (Argon2Cost Cost, byte[] Salt, byte[] Hash) Decode(string phc)
    {
        // "", argon2id, v=19, m=..,t=..,p=.., salt, hash
        var parts = phc.Split('$');
        if (parts is not ["", "argon2id", "v=19", var cost, var salt, var hash])
        {
            throw new CryptographicException("A stored password hash is in no form that this version knows.");
        }

        var numbers = cost.Split(',').Select(p => int.Parse(p.AsSpan(2), CultureInfo.InvariantCulture)).ToArray();
        return (new Argon2Cost(numbers[0], numbers[1], numbers[2]), FromBase64(salt), FromBase64(hash));
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] FromBase64(string text) =>
        Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}

/// <summary>What one hash costs: memory in KiB, passes over it, lanes.</summary>
internal sealed record Argon2Cost(int MemoryKib, int Passes, int Lanes);
