using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Commands;

/// <summary>A report as JSON lines; the fields are described in <c>docs/report-formats.md</c>.</summary>
internal sealed class ReportJson(ReportIdentity identity)
{
    // Output for programs and terminals, never for HTML: accents and brackets stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(Report report, ReportSurvey survey, Stream output, CancellationToken cancellationToken)
    {
        using var lines = new BufferedStream(output, 64 * 1024);
        using var json = new Utf8JsonWriter(lines, Options);
        foreach (var finding in survey.Findings.Values)
        {
            WriteLine(lines, json, () => Write(json, finding));
        }

        foreach (var record in identity.Identify(report.Read(cancellationToken)))
        {
            WriteLine(lines, json, () => Write(json, record));
        }
    }

    private static void WriteLine(Stream lines, Utf8JsonWriter json, Action fields)
    {
        json.WriteStartObject();
        fields();
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        lines.WriteByte((byte)'\n');
    }

    private void Write(Utf8JsonWriter json, ReportedFinding finding)
    {
        json.WriteString("kind", "finding");
        json.WriteString("finding_id", identity.FindingId(finding));
        json.WriteString("check", finding.Check);
        json.WriteString("tool", finding.Tool);
        json.WriteString("rule", finding.Rule);
        json.WriteString("severity", Name(finding.Severity));
        json.WriteString("title", finding.Title);
        json.WriteString("description", finding.Description);
        json.WriteString("recommendation", finding.Recommendation);
        json.WriteStartArray("cwes");
        foreach (var cwe in finding.Cwes)
        {
            json.WriteNumberValue(cwe);
        }

        json.WriteEndArray();
        json.WriteStartArray("references");
        foreach (var reference in finding.References)
        {
            json.WriteStringValue(reference);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IdentifiedRecord record)
    {
        switch (record)
        {
            case IdentifiedOccurrence occurrence:
                Write(json, occurrence);
                break;
            case IdentifiedObservation observation:
                json.WriteString("kind", "observation");
                json.WriteString("observation_id", observation.ObservationId);
                json.WriteString("observation", observation.Observation.Kind);
                json.WriteString("place", observation.Place);
                json.WriteString("title", observation.Observation.Title);
                json.WriteString("value", observation.Observation.Value);
                break;
            default:
                throw new InvalidOperationException($"No line is defined for {record.GetType().Name}.");
        }
    }

    private static void Write(Utf8JsonWriter json, IdentifiedOccurrence occurrence)
    {
        var isFinding = occurrence.Of == SubjectKind.Finding;
        json.WriteString("kind", "occurrence");
        json.WriteString("occurrence_id", occurrence.OccurrenceId);
        json.WriteString("of", isFinding ? "finding" : "observation");
        json.WriteString(isFinding ? "finding_id" : "observation_id", occurrence.SubjectId);
        json.WriteString(isFinding ? "check" : "observation", occurrence.SubjectKey);
        json.WriteString("place", occurrence.Place);
        json.WriteString("resource", occurrence.Resource);
        json.WriteString("detail", occurrence.Detail);
        json.WriteBoolean("suppressed", occurrence.Suppressed);
        json.WriteString("exchange", Encoding.UTF8.GetString(occurrence.Exchange.Span));
    }

    private static string Name(Severity severity) =>
        severity switch
        {
            Severity.Info => "info",
            Severity.Low => "low",
            Severity.Medium => "medium",
            Severity.High => "high",
            Severity.Critical => "critical",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };
}
