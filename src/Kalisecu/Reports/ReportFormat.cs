namespace Kalisecu.Reports;

/// <summary>A kind of file that a report can be exported as.</summary>
internal sealed record ReportFormat(string ContentType, string Ending, bool IsSarif)
{
    public static readonly ReportFormat Json = new("application/json", ".json", IsSarif: false);

    public static readonly ReportFormat Sarif = new("application/sarif+json", ".sarif", IsSarif: true);
}
