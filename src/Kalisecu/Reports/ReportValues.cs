using System.Text.Json;

namespace Kalisecu.Reports;

/// <summary>Values of the frozen form as entries of a report.</summary>
internal static class ReportValues
{
    public static V1.ReportHeader Header(JsonElement report) =>
        new()
        {
            Report = new V1.Report
            {
                ReportId = Text(report, "report_id"),
                SiteId = Text(report, "site_id"),
                Title = Text(report, "title"),
                Language = ReportContent.Language(Text(report, "language")),
                Summary = Text(report, "summary"),
                MomentTime = ReportContent.Time(Text(report, "moment_time")),
                CreateTime = ReportContent.Time(Text(report, "create_time")),
            },
            SiteDisplayName = Text(report, "site_display_name"),
            SiteUrl = Text(report, "site_url"),
            TenantDisplayName = Text(report, "tenant_display_name"),
        };

    public static V1.ReportedFinding Finding(Dictionary<string, JsonElement> finding) =>
        new()
        {
            FindingId = finding["finding_id"].GetString(),
            Check = finding["check"].GetString(),
            Severity = ReportContent.Severity(finding["severity"].GetString()!),
            Title = finding["title"].GetString(),
            Description = finding["description"].GetString(),
            Recommendation = finding["recommendation"].GetString(),
            CweNumbers = { finding["cwe_numbers"].EnumerateArray().Select(n => n.GetUInt32()) },
            References = { finding["references"].EnumerateArray().Select(r => r.GetString()) },
            Tools = { finding["tools"].EnumerateArray().Select(t => t.GetString()) },
            OpenTime = ReportContent.Time(finding["open_time"].GetString()!),
            OccurrenceCount = finding["occurrence_count"].GetUInt64(),
        };

    public static V1.ReportedOccurrence Occurrence(JsonElement occurrence, string findingId) =>
        new()
        {
            OccurrenceId = Text(occurrence, "occurrence_id"),
            FindingId = findingId,
            Tool = Text(occurrence, "tool"),
            Place = Text(occurrence, "place"),
            OpenTime = ReportContent.Time(Text(occurrence, "open_time")),
        };

    public static V1.ReportedObservation Observation(JsonElement observation) =>
        new()
        {
            Kind = Text(observation, "kind"),
            Place = Text(observation, "place"),
            Value = Text(observation, "value"),
            Title = Text(observation, "title"),
            Tool = Text(observation, "tool"),
            Check = Text(observation, "check"),
        };

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;
}
