using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>GDPR art. 18(1)(a) to (d).</summary>
internal enum RestrictionGround
{
    /// <summary>The person contests that the data is accurate.</summary>
    Accuracy,

    /// <summary>The processing is unlawful, and the person prefers restriction to erasure.</summary>
    Unlawful,

    /// <summary>The person needs the data for legal claims.</summary>
    Claims,

    /// <summary>The person objected, and it is not yet decided whose interest weighs more.</summary>
    Objection,
}

/// <summary>A person's data may only be stored, from one moment to another (GDPR art. 18).</summary>
internal sealed class Restriction
{
    private Restriction() { }

    public Guid TenantId { get; private init; }

    public Guid RestrictionId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    public RestrictionGround Ground { get; private init; }

    /// <summary>How many rows were hidden when it began.</summary>
    public int RowCount { get; private set; }

    public Instant CreateTime { get; private init; }

    /// <summary>When the notice of its end was written.</summary>
    public Instant? AnnounceTime { get; private set; }

    /// <summary>The day that the notice names.</summary>
    public LocalDate? LiftDate { get; private set; }

    public Instant? LiftTime { get; private set; }

    public uint Version { get; private set; }

    public PersonRef Person => new(TenantId, PersonId, PersonKind);

    /// <summary>Names the notice of its end among the letters.</summary>
    public string NoticeKey => $"restriction/{RestrictionId:D}/notice";

    public static Restriction Begin(RightsCase rights, RestrictionGround ground, Instant now) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            RestrictionId = Ids.New(now),
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            PersonKind = rights.Person.Kind,
            Ground = ground,
            CreateTime = Moment.Stored(now),
        };

    public void Fill(int rowCount) => RowCount = rowCount;

    /// <summary>False when its end was announced before; that notice stays as it is.</summary>
    public bool Announce(LocalDate liftDate, Instant now)
    {
        DemandInForce();
        if (AnnounceTime is not null)
        {
            return false;
        }

        AnnounceTime = Moment.Stored(now);
        LiftDate = liftDate;
        return true;
    }

    public void Lift(Instant now)
    {
        DemandInForce();
        LiftTime = Moment.Stored(now);
    }

    private void DemandInForce()
    {
        if (LiftTime is not null)
        {
            throw RightsErrors.RestrictionLifted(RestrictionId);
        }
    }
}
