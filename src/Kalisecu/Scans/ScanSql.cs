namespace Kalisecu.Scans;

/// <summary>Statements that the mapper cannot say, or that the push runs on its own raw connection.</summary>
internal static class ScanSql
{
    /// <summary>
    /// Leasing and ending authorisations go one after the other in a tenant: so a lease never crosses a revocation, and two
    /// agents never take the same place. The mapper knows no advisory locks.
    /// </summary>
    public const string LockLeasing = "select pg_advisory_xact_lock($1)";

    /// <summary>A scan's lease with the origins of now, in one trip; the push asks it on its own connection.</summary>
    public const string Leased = """
        select s.site_id, s.tool, s.state, s.agent_id, s.lease_id, s.lease_expire_time,
            coalesce((
                select array_agg(distinct o.origin order by o.origin)
                from authorisations a cross join lateral unnest(a.origins) as o(origin)
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and a.revoke_time is null
                    and a.start_time <= $3 and a.end_time > $3
            ), '{}')
        from scans s
        where s.tenant_id = $1 and s.scan_id = $2
        """;

    public const string KeepAlive = """
        update scans set lease_expire_time = $4
        where tenant_id = $1 and scan_id = $2 and lease_id = $3 and state in ('Leased', 'Pushing')
            and lease_expire_time < $4
        """;

    public const string Holds = """
        select exists (
            select from scans
            where tenant_id = $1 and scan_id = $2 and site_id = $3 and agent_id = $4
                and state in ('Leased', 'Pushing') and lease_expire_time > $5
        )
        """;

    /// <summary>What an agent must know of a site, and whether it may be scanned at a moment; sums over several tables.</summary>
    public const string Place = """
        select s.url, s.state, t.state,
            coalesce((
                select array_agg(distinct o.origin order by o.origin)
                from authorisations a cross join lateral unnest(a.origins) as o(origin)
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and a.revoke_time is null
                    and a.start_time <= $3 and a.end_time > $3
            ), '{}'),
            (
                select a.authorisation_id from authorisations a
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and a.revoke_time is null
                    and a.start_time <= $3 and a.end_time > $3
                order by a.end_time desc limit 1
            ),
            coalesce((
                select array_agg(c.credential_id order by c.credential_id) from site_credentials c
                where c.tenant_id = s.tenant_id and c.site_id = s.site_id and c.remove_time is null
            ), '{}')
        from sites s join tenants t on t.tenant_id = s.tenant_id
        where s.tenant_id = $1 and s.site_id = $2
        """;

    /// <summary>
    /// The scan that has been due longest and whose place is free. The mapper has no "skip locked": a scan that is being
    /// cancelled is passed by.
    /// </summary>
    public const string NextDue = """
        select s.scan_id from scans s
        join sites i on i.tenant_id = s.tenant_id and i.site_id = s.site_id and i.state = 'Open'
        where s.tenant_id = $1 and s.state = 'Due' and s.due_time <= $2
            and (cardinality($3::text[]) = 0 or s.tool = any($3))
            and exists (
                select from authorisations a
                where a.tenant_id = s.tenant_id and a.site_id = s.site_id and a.revoke_time is null
                    and a.start_time <= $2 and a.end_time > $2
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

    public const string StartPush = """
        update scans
        set state = 'Pushing', tool_version = $4, start_time = $5, end_time = $6
        where tenant_id = $1 and scan_id = $2 and lease_id = $3 and state in ('Leased', 'Pushing')
        """;

    public const string Complete = """
        update scans
        set state = 'Completed', finish_time = $4, complete = $5, whole_site = $6, visited_place_count = $7,
            content_digest = $8, occurrences_opened = $9, occurrences_closed = $10, occurrences_unchanged = $11,
            occurrences_open_total = $12, findings_opened = $13, findings_closed = $14, findings_reopened = $15,
            findings_changed = $16, observations_opened = $17, observations_closed = $18, observations_unchanged = $19
        where tenant_id = $1 and scan_id = $2 and lease_id = $3 and state = 'Pushing'
        """;

    private const string Completed = """
        select scan_id, lease_id, finish_time, complete, whole_site, visited_place_count, content_digest,
            occurrences_opened, occurrences_closed, occurrences_unchanged, occurrences_open_total, findings_opened,
            findings_closed, findings_reopened, findings_changed, observations_opened, observations_closed,
            observations_unchanged
        from scans
        """;

    public const string FindCompleted = Completed + "\nwhere tenant_id = $1 and scan_id = $2 and state = 'Completed'";

    public const string LastCompleted =
        Completed
        + "\nwhere tenant_id = $1 and site_id = $2 and tool = $3 and state = 'Completed' order by finish_time desc limit 1";

    /// <summary>Open sites that may be scanned now, by name; aggregates that the mapper cannot say.</summary>
    public const string LeasableSites = """
        select s.site_id, s.display_name, s.url, array_agg(distinct o.origin order by o.origin)
        from sites s
        join authorisations a on a.tenant_id = s.tenant_id and a.site_id = s.site_id and a.revoke_time is null
            and a.start_time <= $2 and a.end_time > $2
        cross join lateral unnest(a.origins) as o(origin)
        where s.tenant_id = $1 and s.state = 'Open' and ($3::text is null or (s.display_name, s.site_id) > ($3, $4))
        group by s.tenant_id, s.site_id, s.display_name, s.url
        order by s.display_name, s.site_id
        limit $5
        """;
}
