namespace Kalisecu.Reports;

/// <summary>Severities in the words of SARIF and of those who read it.</summary>
internal static class SarifLevel
{
    public static string Of(V1.ReportSeverity severity) =>
        severity switch
        {
            V1.ReportSeverity.Critical or V1.ReportSeverity.High => "error",
            V1.ReportSeverity.Medium => "warning",
            V1.ReportSeverity.Low or V1.ReportSeverity.Info => "note",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };

    /// <summary>
    /// The middle of the range that GitHub's code scanning shows under the same name (SARIF support, "security-severity":
    /// critical over 9.0, high 7.0 to 8.9, medium 4.0 to 6.9, low 0.1 to 3.9).
    /// </summary>
    public static string Score(V1.ReportSeverity severity) =>
        severity switch
        {
            V1.ReportSeverity.Critical => "9.5",
            V1.ReportSeverity.High => "8.0",
            V1.ReportSeverity.Medium => "5.5",
            V1.ReportSeverity.Low => "2.0",
            V1.ReportSeverity.Info => "0.0",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };
}
