using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Reports;

/// <summary>
/// The frozen form of a report, described in docs/report-schema.md: what its writer and its reader agree on. A change that a
/// reader of the form before would notice is a new number, and the reader keeps reading the old one.
/// </summary>
internal static class ReportContent
{
    public const string Schema = "kalisecu-report/1";

    public static readonly JsonWriterOptions Format = new()
    {
        // Accents stay readable; what means something in HTML is escaped, should somebody embed a report in a page.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static string Name(V1.ReportSeverity severity) =>
        severity switch
        {
            V1.ReportSeverity.Critical => "critical",
            V1.ReportSeverity.High => "high",
            V1.ReportSeverity.Medium => "medium",
            V1.ReportSeverity.Low => "low",
            V1.ReportSeverity.Info => "info",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };

    public static V1.ReportSeverity Severity(string name) =>
        name switch
        {
            "critical" => V1.ReportSeverity.Critical,
            "high" => V1.ReportSeverity.High,
            "medium" => V1.ReportSeverity.Medium,
            "low" => V1.ReportSeverity.Low,
            "info" => V1.ReportSeverity.Info,
            _ => throw new InvalidDataException($"A report has no severity \"{name}\"."),
        };

    public static string Name(V1.ReportLanguage language) =>
        language switch
        {
            V1.ReportLanguage.Fr => "fr",
            V1.ReportLanguage.En => "en",
            _ => throw new ArgumentOutOfRangeException(nameof(language), language, message: null),
        };

    public static V1.ReportLanguage Language(string name) =>
        name switch
        {
            "fr" => V1.ReportLanguage.Fr,
            "en" => V1.ReportLanguage.En,
            _ => throw new InvalidDataException($"A report has no language \"{name}\"."),
        };

    /// <summary>RFC 3339 in UTC, with as many digits of a second as are needed.</summary>
    public static string Text(Timestamp time) =>
        InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeSeconds(time.Seconds).PlusNanoseconds(time.Nanos));

    public static Timestamp Time(string text) => Errors.Fields.Write(InstantPattern.ExtendedIso.Parse(text).Value);
}
