using System.Globalization;
using System.Security.Cryptography;
using Kalisecu.Keys;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>A one-time code that shows that who asks reads the mail of an address known before. Only its keyed hash is kept.</summary>
internal static class IdentityCode
{
    // Our own margins. Five tries at a hundred million codes leave nothing to guess; a week covers a holiday, and a person who
    // answers later gets another code.
    public const int AllowedAttempts = 5;
    public const int Digits = 8;
    public static readonly Duration Valid = Duration.FromDays(7);

    public static string New() =>
        RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>In two groups, as letters show it.</summary>
    public static string Shown(string code) => $"{code[..4]} {code[4..]}";

    public static byte[] Hash(KeyRing keys, Guid privacyRequestId, string code) =>
        keys.Hash("privacy_request.code", $"{privacyRequestId:D}/{code}");
}

/// <summary>What became of a try.</summary>
internal enum CodeAttempt
{
    Right,
    Wrong,

    /// <summary>The last try that was allowed, and it was wrong: the code is locked from now on.</summary>
    Locks,

    Locked,
}
