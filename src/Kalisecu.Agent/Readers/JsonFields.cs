using System.Globalization;
using System.Text.Json;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Reads fields of a record as scanners really write them: absent, null, or of another type than last year. None throws.
/// </summary>
internal static class JsonFields
{
    public static JsonElement Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Path(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            element = element.Field(name);
        }

        return element;
    }

    /// <summary>A string, or a number's text; null for everything else.</summary>
    public static string? Text(this JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return element.GetString();
                }
                catch (InvalidOperationException)
                {
                    // Half of a surrogate pair, as some tools write after cutting a text: keep the escapes unread.
                    return element.GetRawText().Trim('"');
                }

            case JsonValueKind.Number:
                return element.GetRawText();
            default:
                return null;
        }
    }

    public static string? Text(this JsonElement element, string name) => element.Field(name).Text();

    /// <summary>The first of several spellings of a field.</summary>
    public static string? AnyText(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Text(name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    public static long? Number(this JsonElement element, string name) =>
        long.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The items of an array; an object or a scalar counts as its own only item, null as none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray().Take(ReportLimits.ListLength),
            JsonValueKind.Undefined or JsonValueKind.Null => [],
            _ => [element],
        };

    /// <summary>Texts of an array, or of a string with one item a line.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement element) =>
        [
            .. element
                .Items()
                .SelectMany(item => (item.Text() ?? string.Empty).Split('\n'))
                .Select(text => PlainText.Name(text.TrimStart('-', ' ')))
                .Where(text => text.Length > 0)
                .Take(ReportLimits.ListLength),
        ];
}
