namespace Kalisecu.Accounts;

/// <summary>What is wrong with a new password.</summary>
internal enum PasswordFault
{
    TooShort,
    TooLong,
    TooCommon,
    TooClose,
}

/// <summary>
/// Length and a list of what attackers try first, as NIST SP 800-63B section 5.1.1.2 says: no composition rules, no periodic
/// change. CNIL recommendation 2022-100 asks for 50 bits where attempts are limited; 12 free characters are more.
/// </summary>
internal static class PasswordRule
{
    public const int Minimum = 12;

    // NIST asks to permit at least 64; the upper end only bounds the work of hashing.
    public const int Maximum = 128;

    // What must be left when the person's own words are taken out: NIST's least length for a password.
    private const int OwnCharacters = 8;

    private const int FewestDifferent = 5;

    // The stems of the lists of leaked passwords, French and English, and our own name; digits and marks around them and
    // repetition do not help.
    private static readonly string[] CommonStems =
    [
        "password",
        "passphrase",
        "motdepasse",
        "azerty",
        "azertyuiop",
        "qwerty",
        "qwertyuiop",
        "qsdfghjklm",
        "asdfghjkl",
        "iloveyou",
        "jetaime",
        "bonjour",
        "soleil",
        "doudou",
        "loulou",
        "chouchou",
        "marseille",
        "welcome",
        "bienvenue",
        "letmein",
        "changeme",
        "admin",
        "administrator",
        "administrateur",
        "secret",
        "princess",
        "football",
        "kalisecu",
        "kalicertif",
    ];

    private const string Rows =
        "01234567890 9876543210 abcdefghijklmnopqrstuvwxyz azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm";

    /// <summary>The first fault, or null when the password may be used.</summary>
    public static PasswordFault? Fault(string password, string email, string displayName)
    {
        // Characters as people count them are what the rule promises; UTF-16 counts an emoji twice, which only helps.
        if (password.EnumerateRunes().Count() < Minimum)
        {
            return PasswordFault.TooShort;
        }

        if (password.Length > Maximum)
        {
            return PasswordFault.TooLong;
        }

        var lower = password.ToLowerInvariant();
        if (IsCommon(lower))
        {
            return PasswordFault.TooCommon;
        }

        return IsClose(lower, email, displayName) ? PasswordFault.TooClose : null;
    }

    private static bool IsCommon(string lower)
    {
        var letters = new string([.. lower.Where(char.IsLetter)]);
        return lower.Distinct().Count() < FewestDifferent
            || IsRowWalk(lower)
            || CommonStems.Any(stem =>
                letters.Replace(stem, "", StringComparison.Ordinal).Length == 0 && letters.Length > 0
            );
    }

    // 123456789012, abcdefghijkl, azertyuiop12: only neighbours of keyboard or alphabet, whatever their start.
    private static bool IsRowWalk(string lower)
    {
        var steps = lower
            .Zip(lower.Skip(1), (a, b) => Rows.Contains($"{a}{b}", StringComparison.Ordinal))
            .Count(s => s);
        return steps >= lower.Length - 2;
    }

    private static bool IsClose(string lower, string email, string displayName)
    {
        var words = email
            .ToLowerInvariant()
            .Split('@', '.', '-', '_', '+')
            .Concat(displayName.ToLowerInvariant().Split(' ', '-', '\''))
            .Where(w => w.Length >= 3)
            .Prepend(email.ToLowerInvariant());
        var left = words.Aggregate(lower, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal));
        return left.Length < lower.Length && left.Length < OwnCharacters;
    }
}
