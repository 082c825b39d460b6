using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>GDPR art. 34(1), and 34(3)(a), (b) and (c).</summary>
internal enum CommunicationDecision
{
    Tell,
    NoHighRisk,
    Protected,
    RiskAverted,
    Public,
}

/// <summary>Whom a breach concerns, as the data say, and what they are told (GDPR art. 33(2) and 34).</summary>
internal sealed class BreachTelling
{
    public CommunicationDecision? Communication { get; private set; }

    public byte[]? CommunicationReasons { get; private set; }

    public Instant? ReachTime { get; private set; }

    /// <summary>Which search it was; recipients of an earlier one stand for nobody.</summary>
    public int ReachNumber { get; private set; }

    public IReadOnlyList<string> ReachStores { get; private set; } = [];

    public IReadOnlyList<Guid> ReachTenantIds { get; private set; } = [];

    public int ReachClientCount { get; private set; }

    public int ReachPersonCount { get; private set; }

    public IReadOnlyList<string> ReachPersonKinds { get; private set; } = [];

    public IReadOnlyList<string> ReachCategories { get; private set; } = [];

    public Instant? PersonsTellTime { get; private set; }

    public byte[]? PersonsText { get; private set; }

    public Instant? ClientsTellTime { get; private set; }

    public byte[]? ClientsText { get; private set; }

    public void Decide(Guid breachId, CommunicationDecision communication, BreachRisk risk, byte[]? reasons)
    {
        RequireUntold(breachId, PersonsTellTime);
        if (communication is CommunicationDecision.NoHighRisk && risk is BreachRisk.High)
        {
            throw BreachErrors.RiskDemands(breachId, risk);
        }

        Communication = communication;
        CommunicationReasons = reasons;
    }

    /// <summary>Whoever was written to stays found: no search comes after a telling.</summary>
    public void RequireSearchable(Guid breachId) => RequireUntold(breachId, PersonsTellTime ?? ClientsTellTime);

    public void RecordReach(Guid breachId, BreachReach reach, Instant now)
    {
        RequireSearchable(breachId);
        ReachTime = Moment.Stored(now);
        ReachNumber++;
        ReachStores = reach.Stores;
        ReachTenantIds = reach.TenantIds;
        ReachClientCount = reach.ClientCount;
        ReachPersonCount = reach.PersonCount;
        ReachPersonKinds = reach.PersonKinds;
        ReachCategories = reach.Categories;
    }

    public void TellPersons(Guid breachId, byte[]? text, Instant now)
    {
        RequireReach(breachId);
        if (Communication is not CommunicationDecision.Tell)
        {
            throw BreachErrors.NotDecided(breachId, "communication");
        }

        RequireUntold(breachId, PersonsTellTime);
        PersonsTellTime = Moment.Stored(now);
        PersonsText = text;
    }

    public void TellClients(Guid breachId, byte[]? text, Instant now)
    {
        RequireReach(breachId);
        RequireUntold(breachId, ClientsTellTime);
        ClientsTellTime = Moment.Stored(now);
        ClientsText = text;
    }

    /// <summary>Steps that are missing before the breach can be closed.</summary>
    /// <param name="waiting">Letters asked for and not written yet.</param>
    public IEnumerable<string> Unfinished(int waiting)
    {
        (string Name, bool Done)[] steps =
        [
            ("communication", Communication is not null),
            ("reach", ReachTime is not null),
            ("persons_telling", Communication is not CommunicationDecision.Tell || PersonsTellTime is not null),
            ("clients_telling", ReachClientCount == 0 || ClientsTellTime is not null),
            ("letters", waiting == 0),
        ];
        return steps.Where(s => !s.Done).Select(s => s.Name);
    }

    private void RequireReach(Guid breachId)
    {
        if (ReachTime is null)
        {
            throw BreachErrors.ReachMissing(breachId);
        }
    }

    private static void RequireUntold(Guid breachId, Instant? time)
    {
        if (time is { } told)
        {
            throw BreachErrors.Told(breachId, told);
        }
    }
}
