namespace Kalisecu.Reports;

/// <summary>Reads of what other capabilities hold, by their tables: a report tells of all of it in one pass.</summary>
internal static class ReportSql
{
    public const string Subject = """
        select s.display_name, s.url, s.create_time, t.display_name, t.language
        from sites s join tenants t on t.tenant_id = s.tenant_id
        where s.tenant_id = $1 and s.site_id = $2
        """;

    /// <summary>
    /// One statement, so one snapshot: the open occurrences of a moment in the order of the report. What belongs to the finding
    /// comes with its first row only. A decision in force that a finding does not count leaves it out.
    /// </summary>
    public const string Findings = """
        select f.finding_id, o.occurrence_id, o.tool, o.place, o.open_time,
            row_number() over places as position,
            count(*) over (partition by f.severity, f.check_name, f.finding_id) as total,
            f.check_name, f.severity, f.title,
            case row_number() over places when 1 then f.description end,
            f.cwe_numbers, f.reference_urls, f.open_time,
            case row_number() over places when 1 then array(
                select t.tool || chr(31) || t.recommendation from finding_tools t
                where t.tenant_id = f.tenant_id and t.finding_id = f.finding_id order by t.tool) end
        from findings f
        join occurrences o on o.tenant_id = f.tenant_id and o.finding_id = f.finding_id
        where f.tenant_id = $1 and f.site_id = $2 and o.site_id = $2
            and o.open_time <= $3 and (o.close_time is null or o.close_time > $3)
            and (f.dismissal_kind is null or f.dismissal_expire_time <= $4)
        window places as (partition by f.severity, f.check_name, f.finding_id order by o.place, o.occurrence_id, o.tool)
        order by f.severity desc, f.check_name, f.finding_id, o.place, o.occurrence_id, o.tool
        """;

    public const string Observations = """
        select kind, place, value, title, tool, coalesce(check_name, '')
        from observations
        where tenant_id = $1 and site_id = $2 and open_time <= $3 and (close_time is null or close_time > $3)
        order by kind, place, tool, observation_id
        """;
}
