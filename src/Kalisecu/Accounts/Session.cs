using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>A signed-in person. The token itself is known to the person's frontend alone.</summary>
internal sealed class Session
{
    // Our own margins: a working day of staff, who see all tenants; a day of members, who see their own.
    private static readonly Duration StaffFor = Duration.FromHours(8);
    private static readonly Duration MemberFor = Duration.FromHours(24);

    private Session() { }

    public Guid SessionId { get; private init; }

    public byte[] TokenHash { get; private init; } = [];

    /// <summary>The platform's identifier for staff.</summary>
    public Guid TenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public Role Role { get; private init; }

    public bool MultiFactor { get; private init; }

    public string Frontend { get; private init; } = "";

    public Instant CreateTime { get; private init; }

    public Instant UseTime { get; private set; }

    public Instant ExpireTime { get; private init; }

    public Instant? EndTime { get; private set; }

    public static Session Open(string token, PersonCard card, bool multiFactor, string callerName, Instant now) =>
        new()
        {
            SessionId = Ids.New(now),
            TokenHash = OpaqueToken.Hash(token),
            TenantId = card.TenantId,
            PersonId = card.PersonId,
            Role = card.Role,
            MultiFactor = multiFactor,
            Frontend = callerName,
            CreateTime = now,
            UseTime = now,
            ExpireTime = now + (card.IsStaff ? StaffFor : MemberFor),
        };

    public void End(Instant now) => EndTime ??= now;

    public Person ToPerson() =>
        new(PersonId, Role, TenantId == TenantScope.Platform ? null : TenantId, SessionId, MultiFactor, ExpireTime);
}
