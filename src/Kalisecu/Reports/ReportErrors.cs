using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Reports;

internal static class ReportErrors
{
    public static Refusal Absent(Guid reportId) => GeneralErrors.NotFound("report", reportId);

    public static Refusal SiteAbsent(Guid siteId) => GeneralErrors.NotFound("site", siteId);

    public static Refusal Published(Guid reportId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ReportPublished,
            "The report is published and stays as it is: compose a new one.",
            About(reportId)
        );

    public static Refusal Discarded(Guid reportId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ReportDiscarded,
            "The report was discarded: compose a new one.",
            About(reportId)
        );

    public static Refusal MomentTooEarly(Instant earliest) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ReportMomentTooEarly,
            "The moment lies before the site was created: nothing is known of it.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["earliest_time"] = InstantPattern.ExtendedIso.Format(earliest),
            }
        );

    private static Dictionary<string, string> About(Guid reportId) =>
        new(StringComparer.Ordinal) { ["report_id"] = reportId.ToString("D") };
}
