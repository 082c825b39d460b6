using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

internal enum ObjectionState
{
    /// <summary>Staff have to decide whether compelling grounds override it; nothing is processed meanwhile.</summary>
    Open,

    /// <summary>Processing for the purpose has stopped.</summary>
    Stopped,

    /// <summary>Compelling legitimate grounds are recorded: processing goes on.</summary>
    Overridden,

    /// <summary>The person took it back.</summary>
    Withdrawn,
}

/// <summary>A person's objection to one purpose (GDPR art. 21).</summary>
internal sealed class Objection
{
    private Objection() { }

    public Guid TenantId { get; private init; }

    public Guid ObjectionId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    /// <summary>The name of a purpose of the consent register.</summary>
    public string Purpose { get; private init; } = "";

    public ObjectionState State { get; private set; }

    /// <summary>Sealed; why processing goes on although the person objects.</summary>
    public byte[]? Grounds { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? DecideTime { get; private set; }

    public uint Version { get; private set; }

    public PersonRef Person => new(TenantId, PersonId, PersonKind);

    /// <summary>Records it.</summary>
    /// <param name="wins">
    /// GDPR art. 21(3): against direct marketing an objection always wins, at once; where an earlier one still stands, there is
    /// nothing left to decide.
    /// </param>
    public static Objection Raise(RightsCase rights, string purpose, bool wins, Instant now) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            ObjectionId = Ids.New(now),
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            PersonKind = rights.Person.Kind,
            Purpose = purpose,
            State = wins ? ObjectionState.Stopped : ObjectionState.Open,
            CreateTime = Moment.Stored(now),
            DecideTime = wins ? Moment.Stored(now) : null,
        };

    public void Stop(Instant now)
    {
        DemandOpen();
        State = ObjectionState.Stopped;
        DecideTime = Moment.Stored(now);
    }

    public void Override(byte[] grounds, Instant now)
    {
        DemandOpen();
        State = ObjectionState.Overridden;
        Grounds = grounds;
        DecideTime = Moment.Stored(now);
    }

    public void Withdraw(Instant now)
    {
        if (State is not (ObjectionState.Open or ObjectionState.Stopped))
        {
            throw RightsErrors.ObjectionState(ObjectionId, State);
        }

        State = ObjectionState.Withdrawn;
        DecideTime = Moment.Stored(now);
    }

    private void DemandOpen()
    {
        if (State is not ObjectionState.Open)
        {
            throw RightsErrors.ObjectionState(ObjectionId, State);
        }
    }
}
