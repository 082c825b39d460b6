using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Accounts;

/// <summary>
/// Those who may sign in, as their own capability knows them: staff here, members in Tenants. Called in platform-wide
/// transactions, before the tenant of the caller is known.
/// </summary>
internal interface IPeople
{
    /// <summary>Whether these are Kalisecu's own staff, who stand under <see cref="TenantScope.Platform"/>.</summary>
    bool AreStaff { get; }

    /// <summary>The person, or null when there is none or it was removed.</summary>
    Task<PersonCard?> FindAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken);

    /// <summary>The invitation was accepted: an invited person is active from now on.</summary>
    Task ActivateAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken);
}

/// <summary>What signing in needs to know of a person.</summary>
/// <param name="IsActive">Whether the person may sign in now; false for invited, suspended and those of a closed tenant.</param>
/// <param name="TenantName">Name of a member's tenant, to choose from; empty for staff.</param>
internal sealed record PersonCard(
    Guid TenantId,
    Guid PersonId,
    Role Role,
    string Email,
    string DisplayName,
    bool IsActive,
    string TenantName
)
{
    public bool IsStaff => TenantId == TenantScope.Platform;
}

/// <summary>Finds a person wherever people are kept.</summary>
internal sealed class People(IEnumerable<IPeople> kinds)
{
    public Task<PersonCard?> FindAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        CancellationToken cancellationToken
    ) => Of(tenantId).FindAsync(db, tenantId, personId, cancellationToken);

    public Task ActivateAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken) =>
        Of(tenantId).ActivateAsync(db, tenantId, personId, cancellationToken);

    private IPeople Of(Guid tenantId) => kinds.Single(k => k.AreStaff == (tenantId == TenantScope.Platform));
}
