using System.CommandLine;
using System.Text;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>Values of the contract's enums as people type and read them: <c>StaffAnalyst</c> is <c>staff-analyst</c>.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var word = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && word.Length > 0)
            {
                word.Append('-');
            }

            word.Append(char.ToLowerInvariant(letter));
        }

        return word.ToString();
    }

    /// <summary>An option that takes one of an enum's values.</summary>
    public static Option<T> One<T>(string name, string description, params T[] allowed)
        where T : struct, Enum
    {
        var words = AllOf(allowed);
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Keys),
            CustomParser = result =>
            {
                if (result.Tokens is [var token] && words.TryGetValue(token.Value, out var value))
                {
                    return value;
                }

                result.AddError(Wrong(name, words.Keys));
                return default;
            },
        };
        option.CompletionSources.Add([.. words.Keys]);
        return option;
    }

    /// <summary>An option that can be given several times, for filters.</summary>
    public static Option<T[]> Many<T>(string name, string description, params T[] allowed)
        where T : struct, Enum
    {
        var words = AllOf(allowed);
        var option = new Option<T[]>(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Keys),
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result =>
            {
                var values = new List<T>();
                foreach (var token in result.Tokens)
                {
                    if (!words.TryGetValue(token.Value, out var value))
                    {
                        result.AddError(Wrong(name, words.Keys));
                        return [];
                    }

                    values.Add(value);
                }

                return [.. values];
            },
            DefaultValueFactory = _ => [],
        };
        option.CompletionSources.Add([.. words.Keys]);
        return option;
    }

    public static Option<T> Needed<T>(this Option<T> option)
    {
        option.Required = true;
        return option;
    }

    private static SortedDictionary<string, T> AllOf<T>(T[] allowed)
        where T : struct, Enum
    {
        // The wire's zero is "not given".
        var values = allowed.Length > 0 ? allowed : [.. Enum.GetValues<T>().Where(v => Convert.ToInt32(v) != 0)];
        return new SortedDictionary<string, T>(values.ToDictionary(Of, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string Wrong(string name, IEnumerable<string> words) =>
        $"{name} takes one of: {string.Join(", ", words)}";
}
