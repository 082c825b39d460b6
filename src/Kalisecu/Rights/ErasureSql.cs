using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Statements that the mapper cannot say: taking rows past locked ones, and holding them.</summary>
internal static class ErasureSql
{
    /// <summary>Locks those that are due and that nobody holds. Who carries out a step locks its row: it is passed over.</summary>
    public static Task<List<Erasure>> LockDueAsync(
        KalisecuDb db,
        int count,
        Instant now,
        CancellationToken cancellationToken
    ) =>
        db.Set<Erasure>()
            .FromSql(
                $"""
                select *, xmin from erasures
                where state in ('Approved', 'Running') and next_time <= {now}
                    and (claim_expire_time is null or claim_expire_time <= {now})
                order by next_time limit {count} for update skip locked
                """
            )
            .ToListAsync(cancellationToken);

    /// <summary>Keeps requests from being closed until the commit.</summary>
    public static Task<int> KeepRequestsAsync(KalisecuDb db, Guid[] ids, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select from privacy_requests where tenant_id = {TenantScope.Platform} and privacy_request_id = any({ids})
            order by privacy_request_id for share
            """,
            cancellationToken
        );

    /// <summary>Holds a request until the commit: of two that end a part of its work at once, the second sees the first.</summary>
    public static Task<int> LockRequestAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"select from privacy_requests where tenant_id = {TenantScope.Platform} and privacy_request_id = {privacyRequestId} for update",
            cancellationToken
        );

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
