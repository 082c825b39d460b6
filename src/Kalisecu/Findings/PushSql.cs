using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>A push moves sets, copies and merges: nothing that the mapper can say.</summary>
internal static class PushSql
{
    /// <summary>The scan, locked: two streams of it open one after the other.</summary>
    public const string LockScan = """
        select s.site_id, s.tool, s.state, s.agent_id, s.lease_id, s.lease_expire_time, s.content_digest
        from scans s
        where s.tenant_id = $1 and s.scan_id = $2 for update of s
        """;

    /// <summary>What decides the plan, in one trip.</summary>
    public const string Standing = """
        select
            exists (select 1 from occurrences where tenant_id = $1 and site_id = $2 and tool = $3 and close_time is null),
            exists (select 1 from scan_pushes where tenant_id = $1 and site_id = $2 and tool = $3 and not settled),
            exists (select 1 from scan_pushes where tenant_id = $1 and scan_id = $4),
            (select content_digest from scans where tenant_id = $1 and site_id = $2 and tool = $3 and state = 'Completed'
                order by finish_time desc limit 1)
        """;

    public const string BeginPush = """
        insert into scan_pushes (tenant_id, scan_id, push_id, site_id, tool) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, scan_id) do update set push_id = excluded.push_id
        """;

    public const string ScanIsPushing = """
        update scans set state = 'Pushing', tool_version = $3, start_time = $4, end_time = $5, lease_expire_time = $6
        where tenant_id = $1 and scan_id = $2
        """;

    public const string KeepLease = """
        update scans s set lease_expire_time = $4
        from scan_pushes p
        where s.tenant_id = $1 and s.scan_id = $2 and s.state = 'Pushing'
            and p.tenant_id = s.tenant_id and p.scan_id = s.scan_id and p.push_id = $3
        """;

    /// <summary>
    /// Share-locked until the commit: a newer stream waits for what this one still writes, and then refuses it. A scan that was
    /// cancelled takes nothing more, also when the notice of it never came.
    /// </summary>
    public const string Fence = """
        select p.push_id from scan_pushes p
        join scans s on s.tenant_id = p.tenant_id and s.scan_id = p.scan_id and s.state = 'Pushing'
        where p.tenant_id = $1 and p.scan_id = $2 and p.push_id = $3 for share of p
        """;

    public const string CreateStage = """
        create temporary table push_stage (finding_id uuid, occurrence_id uuid, place text, exchange bytea) on commit delete rows
        """;

    public const string CopyToStage =
        "copy push_stage (finding_id, occurrence_id, place, exchange) from stdin (format binary)";

    public const string InsertStaged = """
        insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time, place, exchange)
        select $1, finding_id, occurrence_id, $2, $3, $4, $5, place, exchange from push_stage
        """;

    /// <summary>After a break some may be there already.</summary>
    public const string InsertStagedMissing = InsertStaged + " on conflict do nothing";

    /// <summary>New findings wait as closed until a completed scan counts their occurrences.</summary>
    public const string InsertFindings = """
        insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
            reference_urls, open_time)
        select $1, n.finding_id, $2, n.check_name, n.severity, 'Closed', n.title, n.description, n.cwes::integer[],
            coalesce(string_to_array(nullif(n.urls, ''), E'\n'), '{}'), $3
        from (select * from unnest($4::uuid[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[], $10::text[])
            as u (finding_id, check_name, severity, title, description, cwes, urls)) n
        where not exists (select 1 from findings f where f.tenant_id = $1 and f.finding_id = n.finding_id)
        on conflict do nothing
        """;

    public const string UpsertFindingTools = """
        insert into finding_tools as t (tenant_id, finding_id, tool, site_id, rule, severity, title, description, recommendation,
            cwe_numbers, reference_urls, update_time)
        select $1, n.finding_id, $2, $3, n.rule, n.severity, n.title, n.description, n.recommendation, n.cwes::integer[],
            coalesce(string_to_array(nullif(n.urls, ''), E'\n'), '{}'), $4
        from unnest($5::uuid[], $6::text[], $7::smallint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
            as n (finding_id, rule, severity, title, description, recommendation, cwes, urls)
        on conflict (tenant_id, finding_id, tool) do update
        set rule = excluded.rule, severity = excluded.severity, title = excluded.title, description = excluded.description,
            recommendation = excluded.recommendation, cwe_numbers = excluded.cwe_numbers,
            reference_urls = excluded.reference_urls, update_time = excluded.update_time
        where (t.rule, t.severity, t.title, t.description, t.recommendation, t.cwe_numbers, t.reference_urls)
            is distinct from (excluded.rule, excluded.severity, excluded.title, excluded.description,
                excluded.recommendation, excluded.cwe_numbers, excluded.reference_urls)
        """;

    /// <summary>Another value of the same fact: the old interval ends, the next statement opens a new one.</summary>
    public const string CloseOtherValues = """
        update observations o set close_scan_id = $4, close_time = $5
        from unnest($6::uuid[], $7::text[]) as n (observation_id, value)
        where o.tenant_id = $1 and o.site_id = $2 and o.tool = $3 and o.observation_id = n.observation_id
            and o.close_time is null and o.value <> n.value
        """;

    public const string OpenObservations = """
        insert into observations (tenant_id, observation_id, tool, open_scan_id, site_id, kind, place, value, title, check_name,
            finding_id, open_time)
        select $1, n.observation_id, $3, $4, $2, n.kind, n.place, n.value, n.title, nullif(n.check_name, ''), f.finding_id, $5
        from unnest($6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::uuid[])
            as n (observation_id, value, kind, place, title, check_name, finding_id)
        left join findings f on f.tenant_id = $1 and f.finding_id = n.finding_id
        on conflict do nothing
        """;

    public const string OpenObservationPlaces = """
        select observation_id, place from observations
        where tenant_id = $1 and site_id = $2 and tool = $3 and close_time is null
        """;

    public const string CloseObservations = """
        update observations set close_scan_id = $4, close_time = $5
        where tenant_id = $1 and site_id = $2 and tool = $3 and close_time is null and observation_id = any($6)
        """;

    public const string CountObservations = """
        select count(*) filter (where open_scan_id = $4), count(*) filter (where close_scan_id = $4) from observations
        where tenant_id = $1 and site_id = $2 and tool = $3
        """;

    public const string PlacesOf = """
        select n.finding_id, n.occurrence_id, o.place
        from unnest($4::uuid[], $5::uuid[]) as n (finding_id, occurrence_id)
        join occurrences o on o.tenant_id = $1 and o.site_id = $2 and o.tool = $3 and o.finding_id = n.finding_id
            and o.occurrence_id = n.occurrence_id and o.close_time is null
        """;

    public const string CloseOccurrences = """
        update occurrences o set close_scan_id = $6, close_time = $7
        from unnest($4::uuid[], $5::uuid[]) as n (finding_id, occurrence_id)
        where o.tenant_id = $1 and o.site_id = $2 and o.tool = $3 and o.finding_id = n.finding_id
            and o.occurrence_id = n.occurrence_id and o.close_time is null
        """;

    /// <summary>What earlier streams of this scan opened; it shows in what is open.</summary>
    public const string OpenedBefore = """
        select finding_id, count(*) from occurrences
        where tenant_id = $1 and site_id = $2 and tool = $3 and close_time is null and open_scan_id = $4
        group by finding_id
        """;

    public const string FindingsOfTool = """
        select finding_id from finding_tools
        where tenant_id = $1 and site_id = $2 and tool = $3 and open_occurrence_count > 0
        """;

    public const string CountOfTool = """
        update finding_tools t set open_occurrence_count = n.open_count
        from unnest($3::uuid[], $4::bigint[]) as n (finding_id, open_count)
        where t.tenant_id = $1 and t.tool = $2 and t.finding_id = n.finding_id and t.open_occurrence_count <> n.open_count
        """;

    /// <summary>
    /// Scans of other tools settle the same findings: whoever comes second waits here, and its next statement sees what the
    /// first wrote. In order of ids, so that two never wait for each other.
    /// </summary>
    public const string LockFindings = """
        select from findings where tenant_id = $1 and finding_id = any($2::uuid[]) order by finding_id for no key update
        """;

    /// <summary>
    /// A finding is what its tools say of it: open while one of them has an open occurrence, told in the words of the one
    /// that rates it worst. Each step of its history follows from what it was and what it is now.
    /// </summary>
    public const string SettleFindings = """
        with n as (
            select * from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::uuid[]) as u (finding_id, opened, closed, event_id)
        ), said as (
            select distinct on (t.finding_id) t.finding_id, t.severity, t.title, t.description, t.cwe_numbers,
                t.reference_urls, sum(t.open_occurrence_count) over (partition by t.finding_id) as total
            from n join finding_tools t on t.tenant_id = $1 and t.finding_id = n.finding_id
            order by t.finding_id, t.open_occurrence_count = 0, t.severity desc, t.tool
        ), compared as (
            select n.*, s.severity, s.title, s.description, s.cwe_numbers, s.reference_urls, s.total,
                f.severity as old_severity, f.state, f.open_occurrence_count as old_total,
                exists (select 1 from finding_events e
                    where e.tenant_id = $1 and e.finding_id = n.finding_id and e.kind = 'Opened') as known,
                (f.severity, f.title, f.description, f.cwe_numbers, f.reference_urls)
                    is distinct from (s.severity, s.title, s.description, s.cwe_numbers, s.reference_urls) as differs
            from n join said s using (finding_id)
            join findings f on f.tenant_id = $1 and f.finding_id = n.finding_id
        ), judged as (
            select *, case
                when total > 0 and not known then 'Opened'
                when total > 0 and state = 'Closed' then 'Reopened'
                when total = 0 and state = 'Open' then 'Closed'
                when total > 0 and differs then 'Changed'
                when total > 0 and (opened > 0 or closed > 0) then 'OccurrencesChanged'
                end as kind
            from compared
        ), changed as (
            update findings f set
                state = case when j.total > 0 then 'Open' else 'Closed' end,
                severity = case when j.total > 0 then j.severity else f.severity end,
                title = case when j.total > 0 then j.title else f.title end,
                description = case when j.total > 0 then j.description else f.description end,
                cwe_numbers = case when j.total > 0 then j.cwe_numbers else f.cwe_numbers end,
                reference_urls = case when j.total > 0 then j.reference_urls else f.reference_urls end,
                open_occurrence_count = j.total,
                open_time = case when j.kind = 'Opened' then $7 else f.open_time end,
                reopen_time = case when j.kind = 'Reopened' then $7 else f.reopen_time end,
                close_time = case when j.kind = 'Closed' then $7 when j.total > 0 then null else f.close_time end
            from judged j
            where f.tenant_id = $1 and f.finding_id = j.finding_id and (j.kind is not null or j.total <> j.old_total)
        ), told as (
            insert into finding_events (tenant_id, finding_id, event_id, kind, event_time, scan_id, old_severity,
                new_severity, occurrences_opened, occurrences_closed)
            select $1, finding_id, event_id, kind, $7, $2, case when kind <> 'Opened' then old_severity end,
                case when total > 0 then severity else old_severity end, opened, closed
            from judged where kind is not null
        )
        select count(*) filter (where kind = 'Opened'), count(*) filter (where kind = 'Closed'),
            count(*) filter (where kind = 'Reopened'), count(*) filter (where total > 0 and known and differs)
        from judged
        """;

    public const string AddPlaces = """
        insert into scan_places (tenant_id, scan_id, place) select $1, $2, unnest($3::text[]) on conflict do nothing
        """;

    public const string CompleteScan = """
        update scans set state = 'Completed', finish_time = $3, complete = $4, whole_site = $5, visited_place_count = $6,
            content_digest = $7, occurrences_opened = $8, occurrences_closed = $9, occurrences_unchanged = $10,
            occurrences_open_total = $11, findings_opened = $12, findings_closed = $13, findings_reopened = $14,
            findings_changed = $15, observations_opened = $16, observations_closed = $17, observations_unchanged = $18,
            lease_id = null, lease_expire_time = null
        where tenant_id = $1 and scan_id = $2
        """;

    public const string Settle = """
        update scan_pushes set settled = true where tenant_id = $1 and site_id = $2 and tool = $3 and not settled
        """;

    public const string CountsOf = """
        select occurrences_opened, occurrences_closed, occurrences_unchanged, occurrences_open_total, findings_opened,
            findings_closed, findings_reopened, findings_changed, observations_opened, observations_closed,
            observations_unchanged
        from scans where tenant_id = $1 and scan_id = $2
        """;

    public const string LastCompleted = """
        select complete, whole_site, visited_place_count, occurrences_open_total from scans
        where tenant_id = $1 and site_id = $2 and tool = $3 and state = 'Completed' order by finish_time desc limit 1
        """;

    /// <summary>COPY takes no parameters; all that stands in it are ids and a tool's name, whose letters were checked.</summary>
    public static string OpenPage(PushTarget target, OccurrenceKey? after, int count) =>
        $"""
            copy (select finding_id, occurrence_id from occurrences
            where tenant_id = '{target.TenantId:D}' and site_id = '{target.SiteId:D}' and tool = '{target.Tool}'
                and close_time is null {After(after)}
            order by finding_id, occurrence_id limit {count}) to stdout (format binary)
            """;

    public static NpgsqlCommand Command(KalisecuDb db, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(
            sql,
            (NpgsqlConnection)db.Database.GetDbConnection(),
            (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction()
        );
        Add(command.Parameters, values);
        return command;
    }

    public static async Task<int> RunAsync(
        KalisecuDb db,
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = Command(db, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static void Add(NpgsqlParameterCollection parameters, params object?[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }

    private static string After(OccurrenceKey? after) =>
        after is { } key
            ? $"and (finding_id, occurrence_id) > ('{OccurrenceKey.ToGuid(key.Finding):D}', '{OccurrenceKey.ToGuid(key.Occurrence):D}')"
            : "";
}
