using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Kalisecu.Outbox;

namespace Kalisecu.Rights;

/// <summary>An export as one page that a person can read. Loads nothing from anywhere (clause DATA-1).</summary>
internal sealed class ExportHtml(Stream destination, Language language) : IExportRendering, IAsyncDisposable
{
    private const string Style =
        "body{font-family:sans-serif;line-height:1.5;max-width:60em;margin:2em auto;padding:0 1em}"
        + "table{border-collapse:collapse;width:100%;margin-bottom:1.5em}"
        + "th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
        + "th{width:14em;font-weight:600}";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StreamWriter _page = new(destination, bufferSize: 32 * 1024) { NewLine = "\n" };

    // A record is put together here and handed on in one piece: writing its every cell to the page costs several times more.
    private readonly StringBuilder _text = new();

    // Names of fields return with each record.
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private string _type = "";
    private long _count;

    public async Task BeginAsync(JsonElement header)
    {
        var title = In("Vos données personnelles", "Your personal data");
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<!DOCTYPE html>\n<html lang=\"{In("fr", "en")}\">\n<head><meta charset=\"utf-8\"><title>{title}</title><style>{Style}</style></head>\n<body>\n<h1>{title}</h1>\n"
        );
        var person = header.GetProperty("person");
        var controller = header.GetProperty("controller");
        OpenTable();
        Row(In("Personne", "Person"), $"{Text(person, "name")} {Text(person, "email")}".Trim());
        Row(In("Établi le", "Made on"), Text(header, "createTime"));
        Row(
            In("Responsable du traitement", "Controller"),
            $"{Text(controller, "name")}, {Text(controller, "address")}, SIREN {Text(controller, "siren")}, {Text(controller, "email")}"
        );
        Row(In("Référence", "Reference"), Text(header, "exportId"));
        CloseTable();
        if (header.TryGetProperty("information", out var information) && information.ValueKind is JsonValueKind.Object)
        {
            Information(information);
        }

        Heading(In("Les données", "The data"));
        await WriteAsync();
    }

    public async Task AddAsync(JsonElement record)
    {
        _count++;
        var type = Text(record, "type");
        if (!string.Equals(type, _type, StringComparison.Ordinal))
        {
            _type = type;
            _text.Append("<h3>").Append(Label(type)).Append("</h3>\n");
        }

        OpenTable();
        foreach (var value in record.GetProperty("values").EnumerateObject())
        {
            EncodedRow(Label(value.Name), ExportText.Of(value.Value));
        }

        CloseTable();
        await WriteAsync();
    }

    public async Task EndAsync()
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<p>{In("Nombre d'enregistrements", "Number of records")}: {_count}</p>\n</body>\n</html>\n"
        );
        await WriteAsync();
        await _page.FlushAsync();
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private void Information(JsonElement information)
    {
        Heading(In("Ce que nous en faisons", "What we do with it"));
        Paragraph(Text(information, "confirmation"));
        foreach (var processing in information.GetProperty("processing").EnumerateArray())
        {
            OpenTable();
            Row(In("Finalité", "Purpose"), Text(processing, "purpose"));
            Row(In("Base légale", "Legal basis"), Text(processing, "basis"));
            Row(In("Catégories de données", "Categories of data"), Text(processing, "categories"));
            Row(In("Durée de conservation", "Kept for"), Text(processing, "retention"));
            Row(In("Source", "Source"), Text(processing, "sources"));
            CloseTable();
        }

        Heading(In("Qui les reçoit", "Who receives it"));
        OpenTable();
        foreach (var recipient in information.GetProperty("recipients").EnumerateArray())
        {
            Row(Text(recipient, "name"), $"{Text(recipient, "role")} ({Text(recipient, "country")})");
        }

        CloseTable();
        Paragraph(Text(information, "transfers"));
        Heading(In("Vos droits", "Your rights"));
        Paragraph(Text(information, "rights"));
        Paragraph(Text(information, "complaint"));
        Paragraph(Text(information, "automatedDecisions"));
    }

    private void Heading(string text) => _text.Append("<h2>").Append(Encode(text)).Append("</h2>\n");

    private void Paragraph(string text) => _text.Append("<p>").Append(Encode(text)).Append("</p>\n");

    private void OpenTable() => _text.Append("<table>\n");

    private void CloseTable() => _text.Append("</table>\n");

    private void Row(string name, string value) => EncodedRow(Encode(name), value);

    private void EncodedRow(string name, string value) =>
        _text.Append("<tr><th>").Append(name).Append("</th><td>").Append(Encode(value)).Append("</td></tr>\n");

    private string Label(string name)
    {
        if (!_labels.TryGetValue(name, out var label))
        {
            _labels[name] = label = Encode(ExportLabels.Of(name, language));
        }

        return label;
    }

    private async Task WriteAsync()
    {
        await _page.WriteAsync(_text);
        _text.Clear();
    }

    private string In(string french, string english) => ExportWords.In(language, french, english);

    private static string Encode(string text) => Encoder.Encode(text);

    private static string Text(JsonElement parent, string name) => ExportText.Of(parent.GetProperty(name));
}
