using System.Security.Cryptography;
using Kalisecu.Keys;
using NodaTime;
using OtpNet;

namespace Kalisecu.Accounts;

/// <summary>
/// Second factors: time-based one-time passwords (RFC 6238) as every authenticator app makes them, SHA-1, 6 digits, 30 seconds.
/// </summary>
internal sealed class TotpSecrets(KeyRing keys)
{
    private const string What = "credentials.totp_secret";
    private const string Issuer = "Kalisecu";
    private const int StepSeconds = 30;
    private const int Digits = 6;

    // RFC 4226 section 4, R6: a shared secret of 160 bits is recommended.
    private const int SecretBytes = 20;

    // RFC 6238 section 5.2: at most one step for the network's delay; one ahead for a clock that runs fast.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <summary>Begins a second factor on the credential; answers what the person sets up.</summary>
    public BegunSecondFactor Begin(Credential credential, string email, Instant now)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var expireTime = credential.BeginSecondFactor(
            keys.For(credential.TenantId).Encrypt(secret, What, credential.PersonId),
            now
        );
        var text = Base32Encoding.ToString(secret);
        return new BegunSecondFactor(
            text,
            $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(email)}"
                + $"?secret={text}&issuer={Issuer}&algorithm=SHA1&digits={Digits}&period={StepSeconds}",
            expireTime
        );
    }

    /// <summary>The time step whose code this is for the factor in force; null when it fits none near now.</summary>
    public long? Match(Credential credential, string code, Instant now) =>
        Match(credential, credential.TotpSecret, code, now);

    /// <summary>The same for the factor that waits for its first code.</summary>
    public long? MatchPending(Credential credential, string code, Instant now) =>
        Match(credential, credential.PendingTotpSecret, code, now);

    internal static long? Match(byte[] secret, string code, Instant now)
    {
        var totp = new Totp(secret, StepSeconds, OtpHashMode.Sha1, Digits);
        return code.Length == Digits && totp.VerifyTotp(now.ToDateTimeUtc(), code, out var step, Window) ? step : null;
    }

    private long? Match(Credential credential, byte[]? sealedSecret, string code, Instant now) =>
        sealedSecret is null
            ? null
            : Match(keys.For(credential.TenantId).Decrypt(sealedSecret, What, credential.PersonId), code, now);
}

/// <summary>A second factor that waits for its first code, shown once.</summary>
internal sealed record BegunSecondFactor(string Secret, string Uri, Instant ExpireTime);
