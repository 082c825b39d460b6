using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Scans;

internal static class ScanErrors
{
    // A scan holds its place for minutes; asking every second or two keeps the wait short when it ends, and costs little.
    private static readonly Duration BusyRetryAfter = Duration.FromSeconds(2);

    public static Refusal NoLease(Guid scanId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.NoLease,
            "You hold no lease of this scan: lease it first.",
            Of(scanId)
        );

    public static Refusal LeaseExpired(Guid scanId, Instant expireTime) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.LeaseExpired,
            "The lease ran out: lease the scan again.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["scan_id"] = scanId.ToString("D"),
                ["expire_time"] = InstantPattern.ExtendedIso.Format(expireTime),
            }
        );

    public static Refusal LeaseHeldByOther(Guid scanId) =>
        new(StatusCode.FailedPrecondition, Reason.LeaseHeldByOther, "Another agent holds this scan.", Of(scanId));

    public static Refusal Finished(Guid scanId, ScanState state) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.ScanFinished,
            $"The scan is {state.ToString().ToLowerInvariant()}: start another one.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["scan_id"] = scanId.ToString("D"),
                ["state"] = state.ToString().ToUpperInvariant(),
            }
        );

    public static Refusal SiteBusy(Guid siteId, string tool) =>
        new(
            StatusCode.ResourceExhausted,
            Reason.SiteBusy,
            "Another scan of this site with this tool is under way: try again later.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["site_id"] = siteId.ToString("D"),
                ["tool"] = tool,
            },
            retryAfter: BusyRetryAfter
        );

    public static Refusal AuthorisationNotInForce(Guid siteId) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.AuthorisationNotInForce,
            "No authorisation is in force for this site: it may not be scanned.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["site_id"] = siteId.ToString("D") }
        );

    public static Refusal Differs(Guid scanId) =>
        new(
            StatusCode.AlreadyExists,
            Reason.ScanDiffers,
            "A scan with this identifier exists for another site, tool or agent: use a fresh identifier.",
            Of(scanId)
        );

    private static Dictionary<string, string> Of(Guid scanId) =>
        new(StringComparer.Ordinal) { ["scan_id"] = scanId.ToString("D") };
}
