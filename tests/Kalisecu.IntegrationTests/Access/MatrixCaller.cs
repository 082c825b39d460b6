using Grpc.Core;
using Kalisecu.Access.V1;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using V1Role = Kalisecu.Access.V1.Role;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>One kind of caller: which certificate, and who is signed in behind it.</summary>
internal sealed record MatrixCaller(
    string Name,
    CallerKind Kind,
    V1Role? Role = null,
    bool MultiFactor = true,
    bool IsRevoked = false
)
{
    public static IReadOnlyList<MatrixCaller> All { get; } =
    [
        new("frontend alone", CallerKind.Frontend),
        new("reader", CallerKind.Frontend, V1Role.MemberReader),
        new("reader without second factor", CallerKind.Frontend, V1Role.MemberReader, MultiFactor: false),
        new("owner", CallerKind.Frontend, V1Role.MemberOwner),
        new("owner without second factor", CallerKind.Frontend, V1Role.MemberOwner, MultiFactor: false),
        new("analyst", CallerKind.Frontend, V1Role.StaffAnalyst),
        new("administrator", CallerKind.Frontend, V1Role.StaffAdministrator),
        new("data-protection officer", CallerKind.Frontend, V1Role.StaffDpo),
        new("analyst without second factor", CallerKind.Frontend, V1Role.StaffAnalyst, MultiFactor: false),
        new("administrator without second factor", CallerKind.Frontend, V1Role.StaffAdministrator, MultiFactor: false),
        new("officer without second factor", CallerKind.Frontend, V1Role.StaffDpo, MultiFactor: false),
        new("operator alone", CallerKind.Operator),
        new("administrator at the operator's", CallerKind.Operator, V1Role.StaffAdministrator),
        new("worker", CallerKind.Worker),
        new("agent", CallerKind.Agent),
        new("revoked agent", CallerKind.Agent, IsRevoked: true),
        new("enrolling machine", CallerKind.Enrolling),
    ];

    public bool IsStaff => Role is V1Role.StaffAnalyst or V1Role.StaffAdministrator or V1Role.StaffDpo;

    public bool BelongsToATenant =>
        Kind is CallerKind.Agent && !IsRevoked || Role is V1Role.MemberReader or V1Role.MemberOwner;

    /// <summary>
    /// The refusal that the contract's own words give this caller, or null when the rule lets it in. Written anew from the
    /// comments of access.proto, not from the code that keeps them.
    /// </summary>
    public string? Refusal(AccessRule rule)
    {
        if (IsRevoked)
        {
            return "AGENT_REVOKED";
        }

        if (!rule.Callers.Contains(Kind))
        {
            // Nothing but enrolment exists on the port of those who enrol.
            return Kind is CallerKind.Enrolling ? Answer.NotThere : "CALLER_NOT_ALLOWED";
        }

        var isEnough = rule.CertificateAlone.Contains(Kind);
        if (Role is not { } role)
        {
            return isEnough ? null : "SESSION_REQUIRED";
        }

        if (!MultiFactor && (IsStaff || rule.MultiFactor))
        {
            return "SECOND_FACTOR_REQUIRED";
        }

        return isEnough || rule.Roles.Contains(role) ? null : "ROLE_NOT_ALLOWED";
    }

    /// <summary>The session's headers, freshly signed in: a call may end its own session. A member is the one named, if one is.</summary>
    public async Task<Metadata> HeadersAsync(Given given, Guid tenant, Guid? member = null)
    {
        if (Kind is CallerKind.Agent)
        {
            return [];
        }

        if (Role is not { } role)
        {
            return new Metadata { { CallerIdentification.TenantHeader, tenant.ToString() } };
        }

        return await given.SignedInAsync(
            Enum.Parse<Kalisecu.Tenancy.Role>(role.ToString()),
            tenant,
            MultiFactor,
            IsStaff ? null : member
        );
    }

    public SpiffeKind Certificate =>
        Kind switch
        {
            CallerKind.Frontend => SpiffeKind.Frontend,
            CallerKind.Worker => SpiffeKind.Worker,
            CallerKind.Agent => SpiffeKind.Agent,
            CallerKind.Operator => SpiffeKind.Operator,
            _ => throw new InvalidOperationException($"{Kind} has no certificate."),
        };
}

internal static class MatrixHeaders
{
    public static void RemoveTenant(this Metadata headers)
    {
        foreach (var named in headers.Where(h => h.Key is CallerIdentification.TenantHeader).ToList())
        {
            headers.Remove(named);
        }
    }
}
