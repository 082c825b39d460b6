using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.Tenants;

/// <summary>Creates a tenant and its data key.</summary>
internal sealed class CreateTenant(KeyRing keys, EvidenceLog evidence, IClock clock)
{
    public async Task<Tenant> RunAsync(
        KalisecuDb db,
        TenantDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = Tenant.Create(draft, clock.GetCurrentInstant());
        db.Add(tenant);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { ConstraintName: "ux_tenants_slug" })
        {
            throw TenantErrors.SlugInUse(draft.Slug);
        }

        // A key whose tenant is rolled back was never used: nothing hangs on it.
        keys.For(tenant.TenantId);
        await evidence.AppendAsync(
            db,
            "tenant.created",
            tenant.TenantId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["plan"] = tenant.Plan.ToString() },
            cancellationToken
        );
        return tenant;
    }
}
