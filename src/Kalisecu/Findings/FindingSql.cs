namespace Kalisecu.Findings;

/// <summary>Reads whose shape the mapper cannot say in one statement.</summary>
internal static class FindingSql
{
    private const string Columns = """
        f.finding_id, f.site_id, f.check_name, f.severity, f.state, f.title, f.cwe_numbers, f.open_occurrence_count,
        f.open_time, f.reopen_time, f.close_time, f.dismissal_kind, f.dismissal_justification, f.dismissal_person_id,
        f.dismissal_time, f.dismissal_expire_time, f.xmin
        """;

    /// <summary>
    /// The hottest read of the platform: one trip brings the finding and its tools, each with whether it still sees it and
    /// what it recommends. One sub-select for all of that: each costs more than the finding itself.
    /// </summary>
    public const string One = $"""
        select {Columns}, f.description, f.reference_urls,
            array(
                select array[t.tool,
                    case when t.open_occurrence_count > 0 or f.state = 'Closed' then 'sees' else '' end, t.recommendation]
                from finding_tools t
                where t.tenant_id = f.tenant_id and t.finding_id = f.finding_id
                order by t.tool) as tools
        from findings f where f.tenant_id = $1 and f.finding_id = $2
        """;

    /// <summary>What a list adds its conditions and its order to (see <see cref="FindingQuery"/>).</summary>
    public const string Many = $"""
        select {Columns}, array(
            select t.tool from finding_tools t
            where t.tenant_id = f.tenant_id and t.finding_id = f.finding_id
                and (t.open_occurrence_count > 0 or f.state = 'Closed')
            order by t.tool) as tools
        from findings f where f.tenant_id = $1
        """;

    /// <summary>Of the latest interval that has one. Apart from the entity, so that lists never drag sealed bytes along.</summary>
    public const string Exchange = """
        select exchange from occurrences
        where tenant_id = $1 and finding_id = $2 and occurrence_id = $3 and exchange is not null
        order by open_time desc limit 1
        """;

    /// <summary>Sites belong to another capability; here only their existence matters.</summary>
    public const string SiteExists = "select site_id from sites where tenant_id = $1 and site_id = $2";

    /// <summary>
    /// Bulk rows leave as PostgreSQL sends them: COPY takes no parameters, so the identifiers (never texts) are written in by
    /// <see cref="ExportQuery"/>.
    /// </summary>
    public const string ExportColumns = "finding_id, occurrence_id, tool, place, open_time, close_time";
}
