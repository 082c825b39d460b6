using MimeKit;

namespace Kalisecu.Deliveries;

/// <summary>How letters leave.</summary>
internal interface ILetterTransport
{
    /// <summary>How many letters may be on their way at once.</summary>
    int AtOnce { get; }

    /// <summary>Hands one letter over; answers what came of it and throws nothing that the relay may cause.</summary>
    Task<SendResult> SendAsync(MimeMessage message, CancellationToken cancellationToken);
}

/// <summary>What came of handing a letter over.</summary>
/// <param name="Reason">Words of ours and numbers of the protocol, never the relay's text, which may hold the address.</param>
internal sealed record SendResult(SendOutcome Outcome, string? Reason = null)
{
    public static SendResult Taken { get; } = new(SendOutcome.Taken);
}

internal enum SendOutcome
{
    Taken,

    /// <summary>Not now: RFC 5321, section 4.2.1, replies 4yz; or the line broke.</summary>
    Later,

    /// <summary>Never: replies 5yz.</summary>
    Never,

    /// <summary>Nothing to do with this letter: the relay cannot be reached, trusted or signed in to.</summary>
    RelayDown,
}
