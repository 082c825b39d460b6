using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Consent;

internal enum ProcessingReason
{
    Consent,
    Contract,
    LegalObligation,
    LegitimateInterest,
    NoConsent,
    Refused,
    Withdrawn,
    Expired,
    Objected,
    Restricted,
    Erased,
}

/// <summary>Whether a person's data may be processed for a purpose now, and why.</summary>
internal sealed record ProcessingAnswer(
    bool IsAllowed,
    ProcessingReason Reason,
    LegalBasis LegalBasis,
    int? TextVersion,
    Instant? EventTime
)
{
    public static ProcessingAnswer Of(LegalBasis basis, KnownOfPerson known, Instant now)
    {
        var (allowed, reason) = Judge(basis, known, now);
        return new ProcessingAnswer(allowed, reason, basis, known.TextVersion, known.EventTime);
    }

    private static (bool Allowed, ProcessingReason Reason) Judge(LegalBasis basis, KnownOfPerson known, Instant now)
    {
        // GDPR art. 17(3)(b): what a law demands goes on, in spite of erasure and restriction.
        if (basis == LegalBasis.LegalObligation)
        {
            return (true, ProcessingReason.LegalObligation);
        }

        if (known.IsErased)
        {
            return (false, ProcessingReason.Erased);
        }

        var isGiven = known.Newest == ConsentEventKind.Given && !(known.ExpireTime <= now);
        if (known.RestrictTime is { } since)
        {
            // GDPR art. 18(2): with the person's consent; one from before the restriction does not speak of it.
            return basis == LegalBasis.Consent && isGiven && known.EventTime >= since
                ? (true, ProcessingReason.Consent)
                : (false, ProcessingReason.Restricted);
        }

        return basis switch
        {
            LegalBasis.Contract => (true, ProcessingReason.Contract),
            LegalBasis.LegitimateInterest when known.Newest == ConsentEventKind.Objected => (
                false,
                ProcessingReason.Objected
            ),
            LegalBasis.LegitimateInterest => (true, ProcessingReason.LegitimateInterest),
            LegalBasis.Consent when isGiven => (true, ProcessingReason.Consent),
            LegalBasis.Consent => (false, WhyNot(known.Newest)),
            _ => throw new InvalidOperationException($"No basis: {basis}"),
        };
    }

    private static ProcessingReason WhyNot(ConsentEventKind? newest) =>
        newest switch
        {
            null => ProcessingReason.NoConsent,
            ConsentEventKind.Refused => ProcessingReason.Refused,
            ConsentEventKind.Withdrawn => ProcessingReason.Withdrawn,
            ConsentEventKind.Given or ConsentEventKind.Expired => ProcessingReason.Expired,
            ConsentEventKind.Objected => ProcessingReason.Objected,
            _ => throw new InvalidOperationException($"No event: {newest}"),
        };
}

/// <summary>What an answer rests on: the person's state, and the newest word about the purpose.</summary>
internal sealed record KnownOfPerson(
    bool IsErased,
    Instant? RestrictTime,
    ConsentEventKind? Newest,
    int? TextVersion,
    Instant? EventTime,
    Instant? ExpireTime
);
