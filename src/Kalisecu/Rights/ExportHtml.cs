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
    private string _type = "";
    private long _count;

    public async Task BeginAsync(JsonElement header)
    {
        var title = In("Vos données personnelles", "Your personal data");
        await _page.WriteAsync(
            $"<!DOCTYPE html>\n<html lang=\"{In("fr", "en")}\">\n<head><meta charset=\"utf-8\"><title>{title}</title><style>{Style}</style></head>\n<body>\n<h1>{title}</h1>\n"
        );
        var person = header.GetProperty("person");
        var controller = header.GetProperty("controller");
        await OpenTableAsync();
        await RowAsync(In("Personne", "Person"), $"{Text(person, "name")} {Text(person, "email")}".Trim());
        await RowAsync(In("Établi le", "Made on"), Text(header, "createTime"));
        await RowAsync(
            In("Responsable du traitement", "Controller"),
            $"{Text(controller, "name")}, {Text(controller, "address")}, SIREN {Text(controller, "siren")}, {Text(controller, "email")}"
        );
        await RowAsync(In("Référence", "Reference"), Text(header, "exportId"));
        await CloseTableAsync();
        if (header.TryGetProperty("information", out var information) && information.ValueKind is JsonValueKind.Object)
        {
            await InformationAsync(information);
        }

        await HeadingAsync(In("Les données", "The data"));
    }

    public async Task AddAsync(JsonElement record)
    {
        _count++;
        var type = Text(record, "type");
        if (!string.Equals(type, _type, StringComparison.Ordinal))
        {
            _type = type;
            await _page.WriteAsync($"<h3>{Encode(ExportLabels.Of(type, language))}</h3>\n");
        }

        await OpenTableAsync();
        foreach (var value in record.GetProperty("values").EnumerateObject())
        {
            await RowAsync(ExportLabels.Of(value.Name, language), ExportText.Of(value.Value));
        }

        await CloseTableAsync();
    }

    public async Task EndAsync()
    {
        await _page.WriteAsync(
            $"<p>{In("Nombre d'enregistrements", "Number of records")}: {_count}</p>\n</body>\n</html>\n"
        );
        await _page.FlushAsync();
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private async Task InformationAsync(JsonElement information)
    {
        await HeadingAsync(In("Ce que nous en faisons", "What we do with it"));
        await ParagraphAsync(Text(information, "confirmation"));
        foreach (var processing in information.GetProperty("processing").EnumerateArray())
        {
            await OpenTableAsync();
            await RowAsync(In("Finalité", "Purpose"), Text(processing, "purpose"));
            await RowAsync(In("Base légale", "Legal basis"), Text(processing, "basis"));
            await RowAsync(In("Catégories de données", "Categories of data"), Text(processing, "categories"));
            await RowAsync(In("Durée de conservation", "Kept for"), Text(processing, "retention"));
            await RowAsync(In("Source", "Source"), Text(processing, "sources"));
            await CloseTableAsync();
        }

        await HeadingAsync(In("Qui les reçoit", "Who receives it"));
        await OpenTableAsync();
        foreach (var recipient in information.GetProperty("recipients").EnumerateArray())
        {
            await RowAsync(Text(recipient, "name"), $"{Text(recipient, "role")} ({Text(recipient, "country")})");
        }

        await CloseTableAsync();
        await ParagraphAsync(Text(information, "transfers"));
        await HeadingAsync(In("Vos droits", "Your rights"));
        await ParagraphAsync(Text(information, "rights"));
        await ParagraphAsync(Text(information, "complaint"));
        await ParagraphAsync(Text(information, "automatedDecisions"));
    }

    private Task HeadingAsync(string text) => _page.WriteAsync($"<h2>{Encode(text)}</h2>\n");

    private Task ParagraphAsync(string text) => _page.WriteAsync($"<p>{Encode(text)}</p>\n");

    private Task OpenTableAsync() => _page.WriteAsync("<table>\n");

    private Task CloseTableAsync() => _page.WriteAsync("</table>\n");

    private async Task RowAsync(string name, string value)
    {
        await _page.WriteAsync("<tr><th>");
        await _page.WriteAsync(Encode(name));
        await _page.WriteAsync("</th><td>");
        await _page.WriteAsync(Encode(value));
        await _page.WriteAsync("</td></tr>\n");
    }

    private string In(string french, string english) => ExportWords.In(language, french, english);

    private static string Encode(string text) => Encoder.Encode(text);

    private static string Text(JsonElement parent, string name) => ExportText.Of(parent.GetProperty(name));
}
