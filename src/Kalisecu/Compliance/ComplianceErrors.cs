using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Compliance;

internal static class ComplianceErrors
{
    public static Refusal ProcessorAbsent(string name) =>
        new(
            StatusCode.NotFound,
            Errors.V1.ErrorReason.NotFound,
            "There is no processor of this name in the register.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "processor", ["id"] = name }
        );

    public static Refusal HostNotListed(string host) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.HostNotListed,
            $"The host {host} belongs to no processor of the register: nothing is sent there.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = host }
        );

    public static Refusal HostOutsideEu(string host, string country) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.HostOutsideEu,
            $"The host {host} is in {country}, outside the European Union: nothing is sent there.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = host, ["country"] = country }
        );
}
