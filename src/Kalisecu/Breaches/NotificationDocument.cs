using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Kalisecu.Breaches;

/// <summary>One question of the CNIL's form.</summary>
/// <param name="Key">Its name for programs.</param>
/// <param name="Shown">The answer in French; empty: none.</param>
/// <param name="Value">The answer for programs; null: none.</param>
/// <param name="Needed">Whether it is missing when it is empty.</param>
internal sealed record NotificationField(string Key, string Label, string Shown, JsonNode? Value, bool Needed);

/// <summary>One page of the CNIL's form.</summary>
internal sealed record NotificationSection(string Key, string Title, IReadOnlyList<NotificationField> Fields);

/// <summary>A notification as it is typed into the CNIL's online form, for people and for programs.</summary>
internal sealed record NotificationDocument(string Title, bool Drill, IReadOnlyList<NotificationSection> Sections)
{
    public const string Schema = "urn:kalisecu:breach-notification:1";

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Names of what is needed and not said.</summary>
    public IReadOnlyList<string> Missing =>
        [.. Sections.SelectMany(s => s.Fields).Where(f => f.Needed && f.Shown.Length == 0).Select(f => f.Key)];

    public FinishedFile Finish() => new(ToHtml(), ToJson(), Missing);

    private string ToJson()
    {
        var sections = new JsonObject();
        foreach (var section in Sections)
        {
            var fields = new JsonObject();
            foreach (var field in section.Fields)
            {
                fields[field.Key] = field.Value?.DeepClone();
            }

            sections[section.Key] = fields;
        }

        var document = new JsonObject
        {
            ["schema"] = Schema,
            ["language"] = "fr",
            ["drill"] = Drill,
            ["missing"] = new JsonArray([.. Missing.Select(m => JsonValue.Create(m))]),
            ["sections"] = sections,
        };
        return document.ToJsonString(Json) + "\n";
    }

    /// <summary>A page that loads nothing from elsewhere (clause DATA-1).</summary>
    private string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>")
            .Append(Html.Encode(Title))
            .Append(
                "</title></head>\n<body style=\"font-family: sans-serif; line-height: 1.4; max-width: 50em\">\n<h1>"
            )
            .Append(Html.Encode(Title))
            .Append("</h1>\n");
        if (Drill)
        {
            html.Append("<p><b>EXERCICE : ne pas déposer auprès de la CNIL.</b></p>\n");
        }

        var missing = Sections.SelectMany(s => s.Fields).Where(f => f.Needed && f.Shown.Length == 0).ToList();
        html.Append(missing.Count == 0 ? "<p>Aucun champ ne manque.</p>\n" : "<p><b>À compléter :</b></p>\n<ul>\n");
        missing.ForEach(f => html.Append("<li>").Append(Html.Encode(f.Label)).Append("</li>\n"));
        html.Append(missing.Count == 0 ? "" : "</ul>\n");
        for (var i = 0; i < Sections.Count; i++)
        {
            html.Append("<h2>")
                .Append(i + 1)
                .Append(". ")
                .Append(Html.Encode(Sections[i].Title))
                .Append("</h2>\n<dl>\n");
            foreach (var field in Sections[i].Fields)
            {
                var shown = field.Shown.Length > 0 ? Html.Encode(field.Shown) : Empty(field);
                html.Append("<dt><b>")
                    .Append(Html.Encode(field.Label))
                    .Append("</b></dt><dd style=\"white-space: pre-wrap\">");
                html.Append(shown).Append("</dd>\n");
            }

            html.Append("</dl>\n");
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static string Empty(NotificationField field) => field.Needed ? "<i>à compléter</i>" : "<i>sans objet</i>";
}

/// <summary>A file as it was finished.</summary>
internal sealed record FinishedFile(string Html, string Json, IReadOnlyList<string> Missing)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public byte[] Digest() => SHA256.HashData(Encoding.UTF8.GetBytes(Json));

    public static FinishedFile Read(string json) =>
        JsonSerializer.Deserialize<FinishedFile>(json)
        ?? throw new InvalidOperationException("There is no file in what was sealed as one.");
}
