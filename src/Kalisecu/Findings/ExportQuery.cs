namespace Kalisecu.Findings;

/// <summary>What an export holds, as the COPY statement that brings it.</summary>
internal sealed record ExportQuery(Guid TenantId, Guid? SiteId, bool OpenOnly)
{
    /// <summary>
    /// COPY takes no parameters. What is written in are identifiers in their fixed form (digits, letters a to f, hyphens),
    /// never a caller's text; row security judges the rows all the same.
    /// </summary>
    public string ToCopy()
    {
        var where = $"tenant_id = '{TenantId:D}'";
        if (SiteId is { } site)
        {
            where += $" and site_id = '{site:D}'";
        }

        if (OpenOnly)
        {
            where += " and close_time is null";
        }

        return $"copy (select {FindingSql.ExportColumns} from occurrences where {where}"
            + " order by finding_id, occurrence_id, tool, open_scan_id) to stdout (format binary)";
    }
}
