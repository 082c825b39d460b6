using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Tenants;

internal static class TenantErrors
{
    public static Refusal Closed(Guid tenantId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.TenantClosed,
            "The tenant is closed: nothing in it can be changed.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant_id"] = tenantId.ToString("D") }
        );

    public static Refusal SlugInUse(string slug) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.TenantSlugInUse,
            "Another tenant has this slug: choose another.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["slug"] = slug }
        );
}
