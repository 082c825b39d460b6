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

    private readonly Utf8JsonWriter _json = new(destination);
    private V1.ReportedFinding? _finding;

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
        _json.WriteString("informationUri", "https://kalisecu.fr");
        _json.WriteStartArray("rules");
    }

    public void AddRule(V1.ReportedFinding finding)
    {
        _json.WriteStartObject();
        _json.WriteString("id", finding.Check);
        WriteText("shortDescription", finding.Title.Length == 0 ? finding.Check : finding.Title);
        if (finding.Description.Length > 0)
        {
            WriteText("fullDescription", finding.Description);
        }

        if (finding.Recommendation.Length > 0)
        {
            WriteText("help", finding.Recommendation);
        }

        if (finding.References.FirstOrDefault(IsWebAddress) is { } reference)
        {
            _json.WriteString("helpUri", new Uri(reference).AbsoluteUri);
        }

        _json.WriteStartObject("defaultConfiguration");
        _json.WriteString("level", Level(finding.Severity));
        _json.WriteEndObject();
        _json.WriteStartObject("properties");
        _json.WriteStartArray("tags");
        _json.WriteStringValue("security");
        foreach (var cwe in finding.CweNumbers)
        {
            _json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"CWE-{cwe}"));
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
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

    private void AddResult(V1.ReportedFinding finding, V1.ReportedOccurrence occurrence)
    {
        _json.WriteStartObject();
        _json.WriteString("ruleId", finding.Check);
        _json.WriteString("level", Level(finding.Severity));
        WriteText("message", finding.Title.Length == 0 ? finding.Check : finding.Title);
        _json.WriteStartArray("locations");
        _json.WriteStartObject();
        if (IsWebAddress(occurrence.Place))
        {
            _json.WriteStartObject("physicalLocation");
            _json.WriteStartObject("artifactLocation");
            _json.WriteString("uri", new Uri(occurrence.Place).AbsoluteUri);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }
        else
        {
            _json.WriteStartArray("logicalLocations");
            _json.WriteStartObject();
            _json.WriteString("fullyQualifiedName", occurrence.Place);
            _json.WriteEndObject();
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteStartObject("partialFingerprints");
        _json.WriteString("kalisecuOccurrence/v1", occurrence.OccurrenceId);
        _json.WriteEndObject();
        _json.WriteStartObject("properties");
        _json.WriteString("tool", occurrence.Tool);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteText(string name, string text)
    {
        _json.WriteStartObject(name);
        _json.WriteString("text", text);
        _json.WriteEndObject();
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);

    private static string Level(V1.ReportSeverity severity) =>
        severity switch
        {
            V1.ReportSeverity.Critical or V1.ReportSeverity.High => "error",
            V1.ReportSeverity.Medium => "warning",
            V1.ReportSeverity.Low or V1.ReportSeverity.Info => "note",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };
}
