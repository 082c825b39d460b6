using NodaTime;
using Npgsql;

namespace Kalisecu.Reports;

/// <summary>The site and the tenant that a report is about, as they are named when it is composed.</summary>
internal sealed record ReportSubject(
    string SiteName,
    string SiteUrl,
    Instant SiteCreateTime,
    string TenantName,
    ReportLanguage TenantLanguage
)
{
    public static ReportSubject Read(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetFieldValue<Instant>(2),
            reader.GetString(3),
            Enum.Parse<ReportLanguage>(reader.GetString(4))
        );
}
