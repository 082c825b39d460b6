using Kalisecu.Tenants;

namespace Kalisecu.Scans;

/// <summary>Statements that the mapper cannot say.</summary>
internal static class ScanSql
{
    /// <summary>
    /// Leasing and ending authorisations go one after the other in a tenant: so a lease never crosses a revocation, and two
    /// agents never take the same place. The mapper knows no advisory locks.
    /// </summary>
    public const string LockLeasing = "select pg_advisory_xact_lock($1)";

    /// <summary>What an agent must know of a site, and whether it may be scanned at a moment; sums over several tables.</summary>
    public const string Place = $$"""
        select s.url, s.state, t.state,
            coalesce((
                select array_agg(distinct o.origin order by o.origin)
                from authorisations a cross join lateral unnest(a.origins) as o(origin)
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and {{AuthorisationScope.InForceSql}}
            ), '{}'),
            (
                select a.authorisation_id from authorisations a
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and {{AuthorisationScope.InForceSql}}
                order by a.end_time desc limit 1
            ),
            coalesce((
                select array_agg(c.credential_id order by c.credential_id) from site_credentials c
                where c.tenant_id = s.tenant_id and c.site_id = s.site_id and c.remove_time is null
            ), '{}')
        from sites s join tenants t on t.tenant_id = s.tenant_id
        where s.tenant_id = $1 and s.site_id = $3
        """;

    /// <summary>
    /// The scan that has been due longest and whose place is free. The mapper has no "skip locked": a scan that is being
    /// cancelled is passed by.
    /// </summary>
    public const string NextDue = $$"""
        select s.scan_id from scans s
        join sites i on i.tenant_id = s.tenant_id and i.site_id = s.site_id and i.state = 'Open'
        where s.tenant_id = $1 and s.state = 'Due' and s.due_time <= $2
            and (cardinality($3::text[]) = 0 or s.tool = any($3))
            and exists (
                select from authorisations a
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and {{AuthorisationScope.InForceSql}}
            )
            and not exists (
                select from scans r
                where r.tenant_id = s.tenant_id and r.site_id = s.site_id and r.tool = s.tool
                    and r.state in ('Leased', 'Pushing') and r.lease_expire_time > $2
            )
        order by s.due_time, s.scan_id
        limit 1
        for update of s skip locked
        """;

    /// <summary>Open sites that may be scanned now, by name; aggregates that the mapper cannot say.</summary>
    public const string LeasableSites = $$"""
        select s.site_id, s.display_name, s.url, array_agg(distinct o.origin order by o.origin)
        from sites s
        join authorisations a on a.tenant_id = s.tenant_id and a.site_id = s.site_id and {{AuthorisationScope.InForceSql}}
        cross join lateral unnest(a.origins) as o(origin)
        where s.tenant_id = $1 and s.state = 'Open' and ($3::text is null or (s.display_name, s.site_id) > ($3, $4))
        group by s.tenant_id, s.site_id, s.display_name, s.url
        order by s.display_name, s.site_id
        limit $5
        """;
}
