using System.Globalization;
using System.Text.RegularExpressions;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>CWE numbers in the spellings of tools: <c>CWE-79</c>, <c>external/cwe/cwe-079</c>, <c>79</c>.</summary>
internal static partial class Cwes
{
    public static IReadOnlyList<int> In(params IEnumerable<string?> texts) =>
        [
            .. texts
                .SelectMany(text => Named().Matches(text ?? string.Empty))
                .Select(match =>
                    int.Parse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
                )
                .Where(number => number > 0)
                .Distinct()
                .Take(ReportLimits.ListLength),
        ];

    /// <summary>A field that holds nothing but the number; ZAP writes -1 or 0 for none.</summary>
    public static IReadOnlyList<int> Plain(string? number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var cwe) && cwe > 0 ? [cwe] : [];

    [GeneratedRegex(
        "cwe[-/: ]{0,2}(?<number>[0-9]{1,6})",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Named();
}
