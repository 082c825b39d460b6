using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Kalisecu.Reports;

/// <summary>
/// Writes the frozen form while the entries come: the header, findings each followed by its occurrences, observations. The
/// order of properties is fixed, so that equal content has equal bytes.
/// </summary>
internal sealed class ReportContentWriter(Stream destination) : IAsyncDisposable
{
    // Some hundred entries: few writes into the sealed object, and little memory.
    private const int FlushAt = 48 * 1024;

    private readonly Utf8JsonWriter _json = new(destination, ReportContent.Format);
    private bool _inFinding;
    private bool _inObservations;

    public ValueTask WriteAsync(V1.ReportEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.EntryCase)
        {
            case V1.ReportEntry.EntryOneofCase.Header:
                Write(entry.Header);
                break;
            case V1.ReportEntry.EntryOneofCase.Finding:
                EndFinding();
                Write(entry.Finding);
                break;
            case V1.ReportEntry.EntryOneofCase.Occurrence:
                Write(entry.Occurrence);
                break;
            case V1.ReportEntry.EntryOneofCase.Observation:
                StartObservations();
                Write(entry.Observation);
                break;
            default:
                throw new InvalidOperationException($"A report has no entry {entry.EntryCase}.");
        }

        return _json.BytesPending < FlushAt ? ValueTask.CompletedTask : new(_json.FlushAsync(cancellationToken));
    }

    /// <summary>Ends the document with what was counted on the way.</summary>
    public async Task CompleteAsync(V1.ReportCounts counts, CancellationToken cancellationToken)
    {
        StartObservations();
        _json.WriteEndArray();
        _json.WriteStartObject("counts");
        _json.WriteNumber("critical", counts.Critical);
        _json.WriteNumber("high", counts.High);
        _json.WriteNumber("medium", counts.Medium);
        _json.WriteNumber("low", counts.Low);
        _json.WriteNumber("info", counts.Info);
        _json.WriteNumber("occurrence_count", counts.OccurrenceCount);
        _json.WriteNumber("observation_count", counts.ObservationCount);
        _json.WriteEndObject();
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // What is left after a failure has nowhere to go.
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
    }

    private void Write(V1.ReportHeader header)
    {
        _json.WriteStartObject();
        _json.WriteString("schema", ReportContent.Schema);
        _json.WriteStartObject("report");
        _json.WriteString("report_id", header.Report.ReportId);
        _json.WriteString("title", header.Report.Title);
        _json.WriteString("language", ReportContent.Name(header.Report.Language));
        _json.WriteString("summary", header.Report.Summary);
        WriteTime("moment_time", header.Report.MomentTime);
        WriteTime("create_time", header.Report.CreateTime);
        _json.WriteString("site_id", header.Report.SiteId);
        _json.WriteString("site_display_name", header.SiteDisplayName);
        _json.WriteString("site_url", header.SiteUrl);
        _json.WriteString("tenant_display_name", header.TenantDisplayName);
        _json.WriteEndObject();
        _json.WriteStartArray("findings");
    }

    private void Write(V1.ReportedFinding finding)
    {
        _json.WriteStartObject();
        _json.WriteString("finding_id", finding.FindingId);
        _json.WriteString("check", finding.Check);
        _json.WriteString("severity", ReportContent.Name(finding.Severity));
        _json.WriteString("title", finding.Title);
        _json.WriteString("description", finding.Description);
        _json.WriteString("recommendation", finding.Recommendation);
        _json.WriteStartArray("cwe_numbers");
        foreach (var number in finding.CweNumbers)
        {
            _json.WriteNumberValue(number);
        }

        _json.WriteEndArray();
        WriteTexts("references", finding.References);
        WriteTexts("tools", finding.Tools);
        WriteTime("open_time", finding.OpenTime);
        _json.WriteNumber("occurrence_count", finding.OccurrenceCount);
        _json.WriteStartArray("occurrences");
        _inFinding = true;
    }

    private void Write(V1.ReportedOccurrence occurrence)
    {
        _json.WriteStartObject();
        _json.WriteString("occurrence_id", occurrence.OccurrenceId);
        _json.WriteString("tool", occurrence.Tool);
        _json.WriteString("place", occurrence.Place);
        WriteTime("open_time", occurrence.OpenTime);
        _json.WriteEndObject();
    }

    private void Write(V1.ReportedObservation observation)
    {
        _json.WriteStartObject();
        _json.WriteString("kind", observation.Kind);
        _json.WriteString("place", observation.Place);
        _json.WriteString("value", observation.Value);
        _json.WriteString("title", observation.Title);
        _json.WriteString("tool", observation.Tool);
        _json.WriteString("check", observation.Check);
        _json.WriteEndObject();
    }

    private void EndFinding()
    {
        if (_inFinding)
        {
            _json.WriteEndArray();
            _json.WriteEndObject();
            _inFinding = false;
        }
    }

    private void StartObservations()
    {
        if (!_inObservations)
        {
            EndFinding();
            _json.WriteEndArray();
            _json.WriteStartArray("observations");
            _inObservations = true;
        }
    }

    private void WriteTexts(string name, IEnumerable<string> texts)
    {
        _json.WriteStartArray(name);
        foreach (var text in texts)
        {
            _json.WriteStringValue(text);
        }

        _json.WriteEndArray();
    }

    private void WriteTime(string name, Timestamp time) => _json.WriteString(name, ReportContent.Text(time));
}
