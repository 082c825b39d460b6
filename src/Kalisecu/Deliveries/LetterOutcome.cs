using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>What came of one claimed letter.</summary>
/// <param name="Time">When it was sent, or is due again.</param>
/// <param name="GivenBack">Whether this claim counts as no attempt.</param>
internal sealed record LetterOutcome(
    ClaimedLetter Letter,
    LetterState State,
    string? Reason,
    Instant Time,
    bool GivenBack = false
);
