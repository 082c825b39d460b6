using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Who is affected, as the data say.</summary>
/// <param name="Stores">Where the data stood.</param>
/// <param name="TenantIds">Empty: everywhere.</param>
internal sealed record BreachReach(
    IReadOnlyList<string> Stores,
    IReadOnlyList<Guid> TenantIds,
    int ClientCount,
    int PersonCount,
    IReadOnlyList<string> PersonKinds,
    IReadOnlyList<string> Categories
);

internal enum BreachAudience
{
    /// <summary>GDPR art. 34.</summary>
    Person,

    /// <summary>An owner of a client as whose processor we held the data: art. 33(2).</summary>
    Client,
}

/// <summary>Whom a letter about a breach goes to, and what became of it.</summary>
internal sealed class BreachRecipient
{
    private BreachRecipient() { }

    public Guid TenantId { get; private init; }

    public Guid BreachId { get; private init; }

    public BreachAudience Audience { get; private init; }

    public Guid PersonTenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    public int ReachNumber { get; private init; }

    public Guid? LetterId { get; private set; }

    public Instant? PostTime { get; private set; }

    public string? UnreachableReason { get; private set; }

    public void Post(Letter letter)
    {
        LetterId = letter.LetterId;
        PostTime = letter.CreateTime;
    }

    public void Unreachable(string reason) => UnreachableReason = reason;
}
