using NodaTime;

namespace Kalisecu.Consent;

/// <summary>What the newest event of a person and a purpose says: the one row that is asked before every use of data.</summary>
internal sealed class ConsentState
{
    private ConsentState() { }

    public Guid TenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public string Purpose { get; private init; } = "";

    public Guid EventId { get; private init; }

    public int Number { get; private init; }

    public ConsentEventKind Kind { get; private init; }

    public int TextVersion { get; private init; }

    public Instant EventTime { get; private init; }

    public Instant? ExpireTime { get; private init; }
}

/// <summary>What held at a moment, and the event that made it so.</summary>
internal sealed record ConsentMoment(ConsentStanding Standing, ConsentEvent? Event)
{
    public static ConsentMoment Of(ConsentEvent? newest, Instant moment) =>
        new(
            newest switch
            {
                null => ConsentStanding.None,
                _ when newest.HasExpiredAt(moment) => ConsentStanding.Expired,
                { Kind: ConsentEventKind.Given } => ConsentStanding.Given,
                { Kind: ConsentEventKind.Refused } => ConsentStanding.Refused,
                { Kind: ConsentEventKind.Withdrawn } => ConsentStanding.Withdrawn,
                { Kind: ConsentEventKind.Expired } => ConsentStanding.Expired,
                { Kind: ConsentEventKind.Objected } => ConsentStanding.Objected,
                { Kind: ConsentEventKind.Resumed } => ConsentStanding.None,
                _ => throw new InvalidOperationException($"No event: {newest.Kind}"),
            },
            newest
        );
}

internal enum ConsentStanding
{
    /// <summary>Nothing is known, or nothing any more: an objection ended.</summary>
    None,
    Given,
    Refused,
    Withdrawn,
    Expired,
    Objected,
}
