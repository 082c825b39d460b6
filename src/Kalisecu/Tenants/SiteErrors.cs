using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Tenants;

internal static class SiteErrors
{
    public static Refusal Closed(Guid siteId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.SiteClosed,
            "The site is closed: it can be read, not changed or tested.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["site_id"] = siteId.ToString("D") }
        );

    public static Refusal Exists(Guid siteId) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.SiteExists,
            "An open site of the tenant has this URL.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["site_id"] = siteId.ToString("D") }
        );
}
