using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenants;

/// <summary>
/// What every change inside a tenant asks first. The tenant cannot close before the change has committed, so nothing is ever
/// added to a closed one.
/// </summary>
internal static class OpenTenant
{
    /// <summary>Refuses TENANT_CLOSED; other changes of the tenant go on beside this one.</summary>
    public static async Task RequireAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var tenantId = Id(db);

        // The mapper cannot say "for share".
        Judge(
            tenantId,
            await db
                .Database.SqlQuery<string>(
                    $"select state as \"Value\" from tenants where tenant_id = {tenantId} for share"
                )
                .ToListAsync(cancellationToken)
        );
    }

    /// <summary>Refuses TENANT_CLOSED and makes other changes wait: for rules over several rows, such as the last owner.</summary>
    public static async Task LockAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var tenantId = Id(db);
        Judge(
            tenantId,
            await db
                .Database.SqlQuery<string>(
                    $"select state as \"Value\" from tenants where tenant_id = {tenantId} for no key update"
                )
                .ToListAsync(cancellationToken)
        );
    }

    /// <summary>
    /// Keeps the tenant from closing meanwhile, in whatever state it is: for what closing does too and locks in another order.
    /// </summary>
    public static async Task HoldAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var tenantId = Id(db);
        await db.Database.ExecuteSqlAsync(
            $"select 1 from tenants where tenant_id = {tenantId} for share",
            cancellationToken
        );
    }

    private static Guid Id(KalisecuDb db) =>
        db.Scope?.TenantId ?? throw new InvalidOperationException("This change has no tenant.");

    private static void Judge(Guid tenantId, List<string> states)
    {
        if (states is not [var state])
        {
            throw GeneralErrors.NotFound("tenant", tenantId);
        }

        if (string.Equals(state, nameof(TenantState.Closed), StringComparison.Ordinal))
        {
            throw TenantErrors.Closed(tenantId);
        }
    }
}
