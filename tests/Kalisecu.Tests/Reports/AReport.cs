using Kalisecu.Reports;
using NodaTime;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.Tests.Reports;

/// <summary>Entries of a report, and their frozen form.</summary>
internal static class AReport
{
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 9, 0).PlusNanoseconds(123_456_000);

    public static V1.ReportEntry Header() =>
        new()
        {
            Header = new V1.ReportHeader
            {
                Report = new V1.Report
                {
                    ReportId = Guid.AllBitsSet.ToString("D"),
                    SiteId = Guid.AllBitsSet.ToString("D"),
                    Title = "État <du> site \"boutique\" 🔒",
                    Language = V1.ReportLanguage.Fr,
                    Summary = "Ligne 1\nLigne 2",
                    MomentTime = Errors.Fields.Write(Now),
                    CreateTime = Errors.Fields.Write(Now),
                },
                SiteDisplayName = "La boutique",
                SiteUrl = "https://boutique.example.fr/",
                TenantDisplayName = "Exemple SAS",
            },
        };

    public static V1.ReportEntry Finding(
        string check,
        V1.ReportSeverity severity = V1.ReportSeverity.Medium,
        string recommendation = "Corriger."
    ) =>
        new()
        {
            Finding = new V1.ReportedFinding
            {
                FindingId = Id(check),
                Check = check,
                Severity = severity,
                Title = "En-tête absent",
                Description = "",
                Recommendation = recommendation,
                CweNumbers = { 79, 693 },
                References = { "not an address", "https://example.fr/plus" },
                Tools = { "nuclei", "zap" },
                OpenTime = Errors.Fields.Write(Now),
                OccurrenceCount = 2,
            },
        };

    public static V1.ReportEntry Occurrence(string check, string place) =>
        new()
        {
            Occurrence = new V1.ReportedOccurrence
            {
                OccurrenceId = Id(place),
                FindingId = Id(check),
                Tool = "zap",
                Place = place,
                OpenTime = Errors.Fields.Write(Now),
            },
        };

    public static V1.ReportEntry Observation(string kind) =>
        new()
        {
            Observation = new V1.ReportedObservation
            {
                Kind = kind,
                Place = "boutique.example.fr:443",
                Value = "TLS 1.3",
                Tool = "testssl",
            },
        };

    public static async Task<byte[]> FreezeAsync(IEnumerable<V1.ReportEntry> entries)
    {
        using var bytes = new MemoryStream();
        await using var writer = new ReportContentWriter(bytes);
        foreach (var entry in entries)
        {
            await writer.WriteAsync(entry, TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync(new V1.ReportCounts { Medium = 1 }, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    private static string Id(string text) =>
        new Guid(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)
        ).ToString("D");
}
