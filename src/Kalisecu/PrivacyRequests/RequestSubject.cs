using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>A person whom a request is about, in one tenant and role.</summary>
internal sealed class RequestSubject
{
    private RequestSubject() { }

    public Guid TenantId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonTenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    public Instant AddTime { get; private init; }

    /// <summary>Since when it is known that this is who asks; null while no proof covers this person.</summary>
    public Instant? IdentityTime { get; private set; }

    public PersonRef Person => new(PersonTenantId, PersonId, PersonKind);

    public void Prove(Instant now) => IdentityTime ??= Moment.Stored(now);

    public static RequestSubject Of(Guid privacyRequestId, PersonRef person, Instant now) =>
        new()
        {
            TenantId = TenantScope.Platform,
            PrivacyRequestId = privacyRequestId,
            PersonTenantId = person.TenantId,
            PersonId = person.PersonId,
            PersonKind = person.Kind,
            AddTime = Moment.Stored(now),
        };
}
