using Kalisecu.Objects;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Removes copies of data whose time is over. Can be repeated.</summary>
internal sealed class RemoveExpiredExports(AllTenants allTenants, ObjectFolder objects, IClock clock)
{
    private const int BatchSize = 100;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        while (await RemoveSomeAsync(cancellationToken) is > 0 and var count)
        {
            removed += count;
        }

        return removed;
    }

    private Task<int> RemoveSomeAsync(CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var now = clock.GetCurrentInstant();
                var expired = await db.Set<DataExport>()
                    .Where(e => e.RemoveTime == null && e.ExpireTime <= now)
                    .OrderBy(e => e.ExpireTime)
                    .Take(BatchSize)
                    .ToListAsync(cancellationToken);
                foreach (var export in expired)
                {
                    // The object first: when the row says that it is gone, it is.
                    objects.Remove(export.TenantId, export.ObjectName);
                    export.Remove(now);
                }

                await db.SaveChangesAsync(cancellationToken);
                return expired.Count;
            },
            cancellationToken
        );
}
