using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Scans;

/// <summary>Refuses changes of a closed tenant; it cannot close before the change has committed.</summary>
internal static class TenantGate
{
    public static async Task DemandOpenAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();

        // The mapper cannot say "for share".
        var states = await db
            .Database.SqlQuery<string>($"select state as \"Value\" from tenants where tenant_id = {tenantId} for share")
            .ToListAsync(cancellationToken);
        if (states is not [var state])
        {
            throw GeneralErrors.NotFound("tenant", tenantId);
        }

        if (!string.Equals(state, "Open", StringComparison.Ordinal))
        {
            throw ScanErrors.TenantClosed(tenantId);
        }
    }
}
