using Grpc.Core;
using NodaTime;

namespace Kalisecu.Tenancy;

/// <summary>What a client certificate says its holder is.</summary>
internal enum CallerKind
{
    Frontend,
    Worker,
    Agent,
    Operator,

    /// <summary>No certificate yet: only on the enrolment port, and only for enrolment.</summary>
    Enrolling,
}

/// <summary>What a signed-in person may be. The tenant's roles come first, then Kalisecu's own.</summary>
internal enum Role
{
    MemberReader,
    MemberOwner,
    StaffAnalyst,
    StaffAdministrator,
    StaffDpo,
}

/// <summary>A person whose session came with the call.</summary>
internal sealed record Person(
    Guid PersonId,
    Role Role,
    Guid? TenantId,
    Guid SessionId,
    bool MultiFactor,
    Instant ExpireTime
)
{
    public bool IsStaff => Role is Role.StaffAnalyst or Role.StaffAdministrator or Role.StaffDpo;
}

/// <summary>Who calls, decided once at the edge of the process; nobody behind it asks the request again.</summary>
internal sealed record Caller(CallerKind Kind, string Name, Guid? AgentId, Person? Person, Guid? TenantId)
{
    private static readonly object Key = typeof(Caller);

    /// <summary>The tenant that this call works in; only calls whose access rule asks for one may read it.</summary>
    public Guid Tenant => TenantId ?? throw new InvalidOperationException("This call has no tenant.");

    /// <summary>The agent that calls; only calls whose access rule lets nobody else in may read it.</summary>
    public Guid Agent => AgentId ?? throw new InvalidOperationException("This caller is no agent.");

    /// <summary>Who acts, as evidence and histories name it: an identifier, never a name or an address.</summary>
    public string Actor =>
        this switch
        {
            { Person: { IsStaff: true } staff } => $"staff:{staff.PersonId:D}",
            { Person: { } member } => $"member:{member.PersonId:D}",
            { AgentId: { } agent } => $"agent:{agent:D}",
            _ => $"{Kind.ToString().ToLowerInvariant()}:{Name}",
        };

    public static Caller Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller)
            ? (Caller)caller
            : throw new InvalidOperationException("The call was not identified.");

    public static Caller? Find(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller) ? (Caller)caller : null;

    public void Attach(ServerCallContext context) => context.UserState[Key] = this;
}
