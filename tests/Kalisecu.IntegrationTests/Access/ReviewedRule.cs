using Google.Protobuf.Reflection;
using Kalisecu.Access.V1;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>A method's access rule as a row of docs/access-rules.md.</summary>
internal static class ReviewedRule
{
    public static string Line(MethodDescriptor method)
    {
        var rule = MatrixCalls.Rule(method);
        return string.Join(
            " | ",
            $"| `{method.FullName}`",
            Names(rule.Callers),
            Names(rule.CertificateAlone),
            Names(rule.Roles),
            rule.MultiFactor ? "yes" : "-",
            rule.Data.ToString(),
            $"{rule.Tenant} |"
        );
    }

    private static string Names<T>(IEnumerable<T> values)
        where T : struct, Enum =>
        string.Join(", ", values.Select(v => v.ToString()).Order(StringComparer.Ordinal)) is { Length: > 0 } names
            ? names
            : "-";
}
