using System.Reflection;
using System.Text.RegularExpressions;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Tests.Architecture;

/// <summary>What holds for the sources and documents of the repository.</summary>
public sealed partial class SourceTests
{
    private const int MaximumLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold() =>
        Assert.DoesNotContain(Sources("src"), f => File.ReadLines(f).Count() > MaximumLines);

    [Fact]
    public void Nobody_asks_the_system_for_the_time() =>
        Assert.DoesNotContain(Sources("src/Kalisecu"), f => Clock().IsMatch(File.ReadAllText(f)));

    [Fact]
    public void Every_reason_to_refuse_is_made_by_a_factory()
    {
        var made = Sources("src/Kalisecu")
            .Where(f => f.EndsWith("Errors.cs", StringComparison.Ordinal))
            .SelectMany(f => Reason().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var unmade = Reasons().Where(r => !made.Contains(r.ToString())).ToList();

        Assert.Empty(unmade);
    }

    [Fact]
    public void Every_reason_stands_in_the_documentation()
    {
        var documented = File.ReadAllText(Path.Combine(Programs.RepositoryRoot, "docs", "errors.md"));

        Assert.DoesNotContain(
            Reasons().Select(RefusalStatus.ReasonName),
            name => !documented.Contains($"| `{name}` |", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Each_log_class_numbers_its_messages_within_a_thousand_of_its_own()
    {
        var thousands = typeof(Refusal)
            .Assembly.GetTypes()
            .Select(t => (Type: t, Thousands: Numbers(t).Select(n => n / 1000).Distinct().ToList()))
            .Where(l => l.Thousands.Count > 0)
            .ToList();

        Assert.NotEmpty(thousands);
        Assert.All(thousands, l => Assert.Single(l.Thousands));
        Assert.Empty(
            thousands
                .GroupBy(l => l.Thousands[0])
                .Where(g => g.Select(l => l.Type.Namespace).Distinct(StringComparer.Ordinal).Count() > 1)
                .Select(g => g.Key)
        );
    }

    [Fact]
    public void A_tests_name_is_a_sentence() =>
        Assert.Empty(
            typeof(SourceTests)
                .Assembly.GetTypes()
                .SelectMany(t => t.GetMethods())
                .Where(m =>
                    m.GetCustomAttribute<FactAttribute>() is not null && !m.Name.Contains('_', StringComparison.Ordinal)
                )
                .Select(m => $"{m.DeclaringType}.{m.Name}")
        );

    [GeneratedRegex(
        @"\bDateTime(?:Offset)?\.(?:Utc)?Now\b",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Clock();

    [GeneratedRegex(@"Reason\.(?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Reason();

    private static IEnumerable<ErrorReason> Reasons() =>
        Enum.GetValues<ErrorReason>().Where(r => r is not ErrorReason.Unspecified);

    private static IEnumerable<int> Numbers(Type type) =>
        type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>();

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Programs.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories);
}
