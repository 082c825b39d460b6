using Kalisecu.Tenancy;

namespace Kalisecu.Access;

/// <summary>One method's rule, in the words of the domain.</summary>
internal sealed record AccessRule(
    string Method,
    IReadOnlySet<CallerKind> Callers,
    IReadOnlySet<CallerKind> CertificateAlone,
    IReadOnlySet<Role> Roles,
    bool MultiFactor,
    V1.DataTouched Data,
    V1.TenantScope Tenant
)
{
    /// <summary>Whether each call leaves an entry in the access log.</summary>
    public bool IsLogged => Data is not V1.DataTouched.None;

    /// <summary>Whether the call works behind the row security of one tenant, the platform's own rows included.</summary>
    public bool IsInsideOne => Tenant is V1.TenantScope.One or V1.TenantScope.OneOrPlatform;

    /// <summary>Whether a call of somebody without tenant works among what belongs to no tenant.</summary>
    public bool FallsToPlatform => Tenant is V1.TenantScope.OneOrPlatform;

    /// <summary>Refuses, before anything is looked up, who may not call; a session is judged when one came or is needed.</summary>
    public void Demand(CallerKind kind, Person? person)
    {
        if (!Callers.Contains(kind))
        {
            throw AccessErrors.CallerNotAllowed(kind, Method);
        }

        if (person is null)
        {
            if (!CertificateAlone.Contains(kind))
            {
                throw AccessErrors.SessionRequired(Method);
            }

            return;
        }

        // Clause SEC-3: a staff session without a second factor gets nothing, whatever the method.
        if (!person.MultiFactor && (person.IsStaff || MultiFactor))
        {
            throw AccessErrors.SecondFactorRequired();
        }

        if (!Roles.Contains(person.Role) && !CertificateAlone.Contains(kind))
        {
            throw AccessErrors.RoleNotAllowed(person.Role, Method);
        }
    }

    public static AccessRule Infrastructure(string path) =>
        new(
            path,
            new HashSet<CallerKind> { CallerKind.Frontend, CallerKind.Worker, CallerKind.Agent, CallerKind.Operator },
            new HashSet<CallerKind> { CallerKind.Frontend, CallerKind.Worker, CallerKind.Agent, CallerKind.Operator },
            new HashSet<Role>(),
            MultiFactor: false,
            V1.DataTouched.None,
            V1.TenantScope.None
        );

    public static AccessRule Read(string path, V1.AccessRule? rule)
    {
        if (rule is null || rule.Callers.Count == 0)
        {
            throw new InvalidOperationException($"{path} has no access rule: add (kalisecu.access.v1.rule) to it.");
        }

        if (rule.Data is V1.DataTouched.Unspecified || rule.Tenant is V1.TenantScope.Unspecified)
        {
            throw new InvalidOperationException(
                $"{path}: its access rule must say which data it touches and in which scope."
            );
        }

        var alone = rule.CertificateAlone.Select(Read).ToHashSet();
        var callers = rule.Callers.Select(Read).ToHashSet();
        if (!alone.IsSubsetOf(callers) || (rule.Roles.Count == 0 && !alone.SetEquals(callers)))
        {
            throw new InvalidOperationException($"{path}: its access rule lets a caller in whom nothing lets in.");
        }

        return new AccessRule(
            path,
            callers,
            alone,
            rule.Roles.Select(Read).ToHashSet(),
            rule.MultiFactor,
            rule.Data,
            rule.Tenant
        );
    }

    private static CallerKind Read(V1.CallerKind kind) =>
        kind switch
        {
            V1.CallerKind.Frontend => CallerKind.Frontend,
            V1.CallerKind.Worker => CallerKind.Worker,
            V1.CallerKind.Agent => CallerKind.Agent,
            V1.CallerKind.Operator => CallerKind.Operator,
            V1.CallerKind.Enrolling => CallerKind.Enrolling,
            _ => throw new InvalidOperationException($"An access rule names the caller kind {kind}."),
        };

    private static Role Read(V1.Role role) =>
        role switch
        {
            V1.Role.MemberReader => Role.MemberReader,
            V1.Role.MemberOwner => Role.MemberOwner,
            V1.Role.StaffAnalyst => Role.StaffAnalyst,
            V1.Role.StaffAdministrator => Role.StaffAdministrator,
            V1.Role.StaffDpo => Role.StaffDpo,
            _ => throw new InvalidOperationException($"An access rule names the role {role}."),
        };
}
