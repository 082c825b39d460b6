using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Kalisecu.Errors;

/// <summary>Writes a refusal as the rich status of google.rpc: ErrorInfo always, BadRequest and RetryInfo where they apply.</summary>
internal static class RefusalStatus
{
    // Google's AIP-193: the domain names the service that makes the reason.
    public const string Domain = "kalisecu.fr";

    public static Google.Rpc.Status Write(Refusal refusal)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = ReasonName(refusal.Reason) };
        foreach (var (key, value) in refusal.Metadata)
        {
            info.Metadata[key] = value;
        }

        var status = new Google.Rpc.Status
        {
            Code = (int)refusal.Status,
            Message = refusal.Message,
            Details = { Any.Pack(info) },
        };
        if (refusal.Violations.Count > 0)
        {
            var bad = new BadRequest();
            bad.FieldViolations.AddRange(
                refusal.Violations.Select(v => new BadRequest.Types.FieldViolation
                {
                    Field = v.Field,
                    Description = v.Description,
                })
            );
            status.Details.Add(Any.Pack(bad));
        }

        if (refusal.RetryAfter is { } delay)
        {
            var retry = new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay.ToTimeSpan()) };
            status.Details.Add(Any.Pack(retry));
        }

        return status;
    }

    /// <summary>The name on the wire: the proto value without its prefix, such as SITE_CLOSED.</summary>
    public static string ReasonName(V1.ErrorReason reason)
    {
        const string prefix = "ERROR_REASON_";
        var value = V1.ErrorReasonReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason);
        return value.Name.StartsWith(prefix, StringComparison.Ordinal) ? value.Name[prefix.Length..] : value.Name;
    }
}
