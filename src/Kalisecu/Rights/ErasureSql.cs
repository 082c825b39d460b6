using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Statements that the mapper cannot say: taking rows past locked ones, and holding them.</summary>
internal static class ErasureSql
{
    /// <summary>Takes those that are due and that nobody holds. Who carries out a step locks its row: it is passed over.</summary>
    public static async Task<IReadOnlyList<Erasure>> ClaimAsync(
        KalisecuDb db,
        Guid claimId,
        int count,
        Instant now,
        Instant until,
        CancellationToken cancellationToken
    ) =>
        await db.Set<Erasure>()
            .FromSql(
                $"""
                update erasures e
                set state = 'Running', begin_time = coalesce(e.begin_time, {now}), claim_id = {claimId},
                    claim_expire_time = {until}
                from (
                    select tenant_id, erasure_id from erasures
                    where state in ('Approved', 'Running') and next_time <= {now}
                        and (claim_expire_time is null or claim_expire_time <= {now})
                    order by next_time limit {count} for update skip locked
                ) due
                where e.tenant_id = due.tenant_id and e.erasure_id = due.erasure_id
                returning e.*, e.xmin
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);

    /// <summary>Prolongs a claim and locks its row until the commit; false when somebody else has taken it over.</summary>
    public static async Task<bool> HoldAsync(
        KalisecuDb db,
        Erasure erasure,
        Guid claimId,
        Instant until,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            update erasures set claim_expire_time = {until}
            where tenant_id = {erasure.TenantId} and erasure_id = {erasure.ErasureId} and claim_id = {claimId}
                and state = 'Running'
            """,
            cancellationToken
        ) == 1;
}
