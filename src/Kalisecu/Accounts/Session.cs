using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>A signed-in person. The token itself is known to the person's frontend alone.</summary>
internal sealed class Session
{
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

    public Person ToPerson() =>
        new(PersonId, Role, TenantId == TenantScope.Platform ? null : TenantId, SessionId, MultiFactor, ExpireTime);
}
