using System.Globalization;
using System.Text.Json;

namespace Kalisecu.Reports;

/// <summary>
/// A report as SARIF 2.1.0 (OASIS, 27 March 2020), written while it is read. Rules stand before results, so the content is read
/// twice: <see cref="AddRule"/> for every finding, <see cref="StartResults"/>, then all entries again.
/// </summary>
internal sealed class SarifWriter(Stream destination) : IAsyncDisposable
{
    private const int FlushAt = 32 * 1024;

    private readonly Utf8JsonWriter _json = new(destination, ReportContent.Format);
    private readonly Dictionary<string, int> _rules = new(StringComparer.Ordinal);
    private V1.ReportedFinding? _finding;
    private string _siteUrl = "";

    public void Start()
    {
        _json.WriteStartObject();
        _json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        _json.WriteString("version", "2.1.0");
        _json.WriteStartArray("runs");
        _json.WriteStartObject();
        _json.WriteStartObject("tool");
        _json.WriteStartObject("driver");
        _json.WriteString("name", "Kalisecu");
        _json.WriteString("version", typeof(SarifWriter).Assembly.GetName().Version!.ToString(fieldCount: 3));
        _json.WriteString("informationUri", "https://kalisecu.fr");
        _json.WriteStartArray("rules");
    }

    /// <summary>Takes an entry of the first reading: findings become rules.</summary>
    public void AddRule(V1.ReportEntry entry)
    {
        switch (entry.EntryCase)
        {
            case V1.ReportEntry.EntryOneofCase.Header:
                _siteUrl = entry.Header.SiteUrl;
                break;
            case V1.ReportEntry.EntryOneofCase.Finding when _rules.TryAdd(entry.Finding.Check, _rules.Count):
                WriteRule(entry.Finding);
                break;
            default:
                break;
        }
    }

    public void StartResults()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteStartArray("results");
    }

    /// <summary>Takes an entry; occurrences become results of the finding before them. Facts have no place in SARIF.</summary>
    public void Add(V1.ReportEntry entry)
    {
        switch (entry.EntryCase)
        {
            case V1.ReportEntry.EntryOneofCase.Finding:
                _finding = entry.Finding;
                break;
            case V1.ReportEntry.EntryOneofCase.Occurrence when _finding is { } finding:
                AddResult(finding, entry.Occurrence);
                break;
            default:
                break;
        }
    }

    public void End()
    {
        _json.WriteEndArray();
        _json.WriteString("columnKind", "utf16CodeUnits");
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>Passes on what is written once it is worth a message.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        _json.BytesPending >= FlushAt ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await _json.FlushAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // What is left when a reader went away has nowhere to go.
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
    }

    private void WriteRule(V1.ReportedFinding finding)
    {
        var title = Title(finding);
        var description = finding.Description.Length == 0 ? title : finding.Description;
        _json.WriteStartObject();
        _json.WriteString("id", finding.Check);
        WriteText("shortDescription", title);
        WriteText("fullDescription", description);
        WriteText("help", finding.Recommendation.Length == 0 ? description : finding.Recommendation);
        if (finding.References.Select(WebAddress).FirstOrDefault(r => r is not null) is { } reference)
        {
            _json.WriteString("helpUri", reference);
        }

        _json.WriteStartObject("defaultConfiguration");
        _json.WriteString("level", SarifLevel.Of(finding.Severity));
        _json.WriteEndObject();
        _json.WriteStartObject("properties");
        _json.WriteStartArray("tags");
        _json.WriteStringValue("security");
        foreach (var cwe in finding.CweNumbers)
        {
            _json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"external/cwe/cwe-{cwe:000}"));
        }

        _json.WriteEndArray();
        _json.WriteString("security-severity", SarifLevel.Score(finding.Severity));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void AddResult(V1.ReportedFinding finding, V1.ReportedOccurrence occurrence)
    {
        var place = SarifPlace.Of(occurrence.Place, _siteUrl);
        _json.WriteStartObject();
        _json.WriteString("ruleId", finding.Check);
        _json.WriteNumber("ruleIndex", _rules[finding.Check]);
        _json.WriteString("level", SarifLevel.Of(finding.Severity));
        WriteText("message", Title(finding));
        _json.WriteStartArray("locations");
        _json.WriteStartObject();
        _json.WriteStartObject("physicalLocation");
        _json.WriteStartObject("artifactLocation");
        _json.WriteString("uri", place.Uri);
        _json.WriteEndObject();
        if (place.Line is { } line)
        {
            _json.WriteStartObject("region");
            _json.WriteNumber("startLine", line);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteStartObject("partialFingerprints");
        _json.WriteString("kalisecuOccurrence/v1", occurrence.OccurrenceId);
        _json.WriteEndObject();
        _json.WriteStartObject("properties");
        _json.WriteString("place", occurrence.Place);
        _json.WriteString("tool", occurrence.Tool);
        if (place.Method is { } method)
        {
            _json.WriteString("method", method);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteText(string name, string text)
    {
        _json.WriteStartObject(name);
        _json.WriteString("text", text);
        _json.WriteEndObject();
    }

    private static string Title(V1.ReportedFinding finding) =>
        finding.Title.Length == 0 ? finding.Check : finding.Title;

    private static string? WebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri.AbsoluteUri : null;
}
