using System.ComponentModel.DataAnnotations;

namespace Kalisecu.Deliveries;

/// <summary>How letters leave: by SMTP, or into a folder on one machine.</summary>
internal sealed class DeliveryOptions : IValidatableObject
{
    /// <summary>Where letters are put as files, for one machine without a mail relay. Empty: they go by SMTP.</summary>
    public string PickupFolder { get; set; } = "";

    [Required]
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>The sender's address; empty for the controller's. Its domain also ends every Message-ID.</summary>
    public string From { get; set; } = "";

    /// <summary>What this process sends at most; a relay's contract says what it takes.</summary>
    [Range(1, 10_000)]
    public int LettersPerSecond { get; set; } = 20;

    /// <summary>How many letters one claim takes.</summary>
    [Range(1, 1000)]
    public int LettersAtOnce { get; set; } = 100;

    /// <summary>How long a claim holds: then a letter whose process died goes out again, under the same Message-ID.</summary>
    [Range(5, 3600)]
    public int ClaimSeconds { get; set; } = 120;

    /// <summary>How often a letter is tried before it counts as dead.</summary>
    [Range(1, 30)]
    public int Attempts { get; set; } = 12;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PickupFolder.Length > 0 && Smtp.Host.Length > 0)
        {
            yield return new ValidationResult(
                "Letters go either by SMTP or into a folder",
                [nameof(PickupFolder), nameof(Smtp)]
            );
        }

        // A claim that runs out before its last letter left lets another process send those again: half of its time is for
        // leaving at the pace, the other half for a slow relay.
        if (LettersAtOnce > (long)LettersPerSecond * ClaimSeconds / 2)
        {
            yield return new ValidationResult(
                "A claim must last twice as long as its letters take to leave: LettersAtOnce <= LettersPerSecond * ClaimSeconds / 2",
                [nameof(LettersAtOnce), nameof(LettersPerSecond), nameof(ClaimSeconds)]
            );
        }
    }

    /// <summary>A mail relay. Brevo's: smtp-relay.brevo.com, port 587, StartTls, the account's SMTP login and key.</summary>
    internal sealed class SmtpOptions
    {
        public string Host { get; set; } = "";

        [Range(1, 65535)]
        public int Port { get; set; } = 587;

        /// <summary>One of both is demanded: letters never travel in clear (clause SEC-1).</summary>
        public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

        /// <summary>PEM of the authority that vouches for the relay; empty for those that the system trusts.</summary>
        public string AuthorityFile { get; set; } = "";

        /// <summary>A file that holds the user name; empty for a relay that asks for none.</summary>
        public string UserFile { get; set; } = "";

        public string PasswordFile { get; set; } = "";

        /// <summary>How many connections this process opens.</summary>
        [Range(1, 32)]
        public int Connections { get; set; } = 4;
    }
}

internal enum SmtpSecurity
{
    /// <summary>RFC 3207: in clear at first, then TLS or nothing.</summary>
    StartTls,

    /// <summary>RFC 8314: TLS from the first byte.</summary>
    Implicit,
}
