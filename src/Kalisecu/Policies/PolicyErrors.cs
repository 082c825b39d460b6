using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Policies;

internal static class PolicyErrors
{
    public static Refusal Absent(long number) =>
        new(
            StatusCode.NotFound,
            Errors.V1.ErrorReason.NotFound,
            "There is no such version of the policy in your reach.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["type"] = "policy version",
                ["id"] = number.ToString(CultureInfo.InvariantCulture),
            }
        );

    public static Refusal NotDraft(PolicyVersion version) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PolicyNotDraft,
            "This version of the policy is no draft: what was published never changes.",
            Named(version, "state", version.State.ToString())
        );

    public static Refusal Incomplete(PolicyVersion version, string missing) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PolicyIncomplete,
            $"The version cannot be published yet: {missing}.",
            Named(version, "missing", missing)
        );

    public static Refusal EffectDateNotAllowed(PolicyVersion version, LocalDate earliest) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PolicyEffectDate,
            $"The version has to apply from {earliest:uuuu-MM-dd} or later: not from a day that is over, and after the version "
                + "before it.",
            Named(version, "earliest", earliest.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture))
        );

    private static Dictionary<string, string> Named(PolicyVersion version, string key, string value) =>
        new(StringComparer.Ordinal)
        {
            ["number"] = version.Number.ToString(CultureInfo.InvariantCulture),
            [key] = value,
        };
}
