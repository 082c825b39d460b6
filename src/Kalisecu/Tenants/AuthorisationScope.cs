using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>What may be tested of a site at a moment.</summary>
/// <param name="AuthorisationId">of those in force the one that ends last</param>
/// <param name="EndTime">when the last of them ends, unless revoked before</param>
internal sealed record ScopeInForce(Guid AuthorisationId, Instant EndTime, AuthorisedScope Scope);

/// <summary>Answers for the other capabilities whether and where a site may be tested.</summary>
internal static class AuthorisationScope
{
    /// <summary>
    /// For statements of others that the mapper cannot say: whether the authorisation <c>a</c> is worth anything at the
    /// moment <c>$2</c>. Whether site and tenant are open is another question.
    /// </summary>
    public const string InForceSql = "a.revoke_time is null and a.start_time <= $2 and a.end_time > $2";

    /// <summary>
    /// All origins of the authorisations in force; null when there is none, or the site or its tenant is closed or absent.
    /// </summary>
    public static async Task<ScopeInForce?> InForceAsync(
        KalisecuDb db,
        Guid siteId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var found = await InForce(db, now)
            .Where(a => a.SiteId == siteId)
            .OrderByDescending(a => a.EndTime)
            .ThenBy(a => a.AuthorisationId)
            .Select(a => new
            {
                a.AuthorisationId,
                a.EndTime,
                a.Origins,
            })
            .ToListAsync(cancellationToken);
        return found is [var last, ..]
            ? new ScopeInForce(
                last.AuthorisationId,
                last.EndTime,
                new AuthorisedScope(found.SelectMany(a => a.Origins))
            )
            : null;
    }

    /// <summary>Those of these sites that may be tested.</summary>
    public static async Task<IReadOnlySet<Guid>> SitesInForceAsync(
        KalisecuDb db,
        IReadOnlyList<Guid> siteIds,
        Instant now,
        CancellationToken cancellationToken
    ) =>
        (
            await InForce(db, now)
                .Where(a => siteIds.Contains(a.SiteId))
                .Select(a => a.SiteId)
                .Distinct()
                .ToListAsync(cancellationToken)
        ).ToHashSet();

    /// <summary>Origins that were authorised at a moment or later, revoked since, and are in no authorisation in force.</summary>
    public static async Task<IReadOnlyList<string>> LostSinceAsync(
        KalisecuDb db,
        Guid siteId,
        Instant since,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.Scope?.TenantId;
        var revoked = await db.Set<Authorisation>()
            .AsNoTracking()
            .Where(a => a.TenantId == tenantId && a.SiteId == siteId)
            .Where(a => a.RevokeTime >= since && a.StartTime <= now && a.EndTime > since)
            .Select(a => a.Origins)
            .ToListAsync(cancellationToken);
        var left = await InForceAsync(db, siteId, now, cancellationToken);
        return [.. revoked.SelectMany(o => o).Except(left?.Scope.Origins ?? [], StringComparer.Ordinal)];
    }

    private static IQueryable<Authorisation> InForce(KalisecuDb db, Instant now)
    {
        var tenantId = db.Scope?.TenantId;
        return db.Set<Authorisation>()
            .AsNoTracking()
            .Where(a => a.TenantId == tenantId && a.RevokeTime == null && a.StartTime <= now && a.EndTime > now)
            .Where(a =>
                db.Set<Site>().Any(s => s.TenantId == tenantId && s.SiteId == a.SiteId && s.State == SiteState.Open)
                && db.Set<Tenant>().Any(t => t.TenantId == tenantId && t.State == TenantState.Open)
            );
    }
}
