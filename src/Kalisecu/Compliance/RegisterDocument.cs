using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Kalisecu.Outbox;

namespace Kalisecu.Compliance;

/// <summary>A column of a register: its name for programs, which stays the same in all languages, and its heading.</summary>
internal sealed record RegisterColumn(string Key, string Heading);

/// <summary>A register, ready to be written out in any format.</summary>
/// <param name="Facts">What holds for all of it, such as who the controller is.</param>
internal sealed record RegisterDocument(
    string Name,
    string Title,
    Language Language,
    IReadOnlyList<(string Key, string Heading, string Value)> Facts,
    IReadOnlyList<RegisterColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows
)
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["register"] = Name,
                ["title"] = Title,
                ["language"] = Language is Language.Fr ? "fr" : "en",
                ["facts"] = Facts.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal),
                ["entries"] = Rows.Select(row =>
                    Columns.Zip(row).ToDictionary(c => c.First.Key, c => c.Second, StringComparer.Ordinal)
                ),
            },
            Json
        ) + "\n";

    /// <summary>RFC 4180. What a spreadsheet would take for a formula is quoted as text.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        foreach (var line in Rows.Prepend([.. Columns.Select(c => c.Heading)]))
        {
            text.AppendJoin(',', line.Select(CsvField)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>A page that loads nothing from elsewhere (clause DATA-1).</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"")
            .Append(Language is Language.Fr ? "fr" : "en")
            .Append("\">\n<head><meta charset=\"utf-8\"><title>")
            .Append(Html.Encode(Title))
            .Append("</title></head>\n<body style=\"font-family: sans-serif; line-height: 1.4\">\n<h1>")
            .Append(Html.Encode(Title))
            .Append("</h1>\n<dl>\n");
        foreach (var (_, heading, value) in Facts)
        {
            html.Append("<dt><b>").Append(Html.Encode(heading)).Append("</b></dt><dd>").Append(Html.Encode(value));
            html.Append("</dd>\n");
        }

        html.Append("</dl>\n<table border=\"1\" cellpadding=\"6\" style=\"border-collapse: collapse\">\n<tr>");
        foreach (var column in Columns)
        {
            html.Append("<th>").Append(Html.Encode(column.Heading)).Append("</th>");
        }

        html.Append("</tr>\n");
        foreach (var row in Rows)
        {
            html.Append("<tr>");
            foreach (var value in row)
            {
                html.Append("<td>").Append(Html.Encode(value)).Append("</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static string CsvField(string value)
    {
        var shown = value is ['=' or '+' or '-' or '@', ..] ? "'" + value : value;
        return shown.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : shown;
    }
}
