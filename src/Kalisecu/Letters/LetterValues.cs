using System.Globalization;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>Turns values into what templates show: dates in words of the language, text without control characters.</summary>
internal static class LetterValues
{
    public static Dictionary<string, object?> Of(IReadOnlyDictionary<string, object?> values, Language language) =>
        values.ToDictionary(v => v.Key, v => Shown(v.Value, language), StringComparer.Ordinal);

    /// <summary>One line, whatever was written into it: a subject must not become a second header.</summary>
    public static string OneLine(string text) =>
        string.Join(
            ' ',
            Printable(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );

    private static object? Shown(object? value, Language language) =>
        value switch
        {
            null or bool => value,
            string text => Printable(text),
            LocalDate date => LetterDates.Text(date, language),
            Instant moment => LetterDates.Text(moment, language),
            IReadOnlyDictionary<string, object?> nested => Of(nested, language),
            IEnumerable<IReadOnlyDictionary<string, object?>> rows => rows.Select(r => Of(r, language)).ToList(),
            IEnumerable<string> texts => texts.Select(Printable).ToList(),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"No value for a letter: {value.GetType()}", nameof(value)),
        };

    private static string Printable(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c));
}
