using System.Text.Json;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Nuclei's JSON: one object a line, or an array. A raw instance is a match. An <c>info</c> match that the catalogue does
/// not know as a weakness is an observed fact (a technology, a banner).
/// </summary>
internal sealed class NucleiReader(CheckCatalogue catalogue) : IReportReader
{
    private static readonly string[] TemplateNames = ["template-id", "templateID", "template"];

    public string Format => "nuclei";

    /// <summary>A report holds matches only; a run that ended tried every template on every target it was given.</summary>
    public CoverageExtent Extent => CoverageExtent.WholeTarget;

    /// <summary>An empty file is how Nuclei says "nothing found", so there, and only there, the file's name decides.</summary>
    public bool Recognises(ReportHead head) =>
        head.IsBlank
            ? head.Extension is ".JSON" or ".JSONL"
            : head.Json.Names.Overlaps(TemplateNames) && head.Json.Names.Contains("info");

    public IEnumerable<ReportRecord> Read(ReportSource source)
    {
        yield return new ReportedScan(Format, string.Empty, Started: null, Ended: null);
        using var tokens = new JsonTokens(source, Format, manyValues: true);
        while (tokens.Read())
        {
            if (tokens.Type == JsonTokenType.StartArray)
            {
                var depth = tokens.Depth;
                while (tokens.NextItem(depth))
                {
                    foreach (var record in ReadMatch(tokens))
                    {
                        yield return record;
                    }
                }
            }
            else
            {
                foreach (var record in ReadMatch(tokens))
                {
                    yield return record;
                }
            }
        }
    }

    private IEnumerable<ReportRecord> ReadMatch(JsonTokens tokens)
    {
        if (tokens.Type != JsonTokenType.StartObject)
        {
            throw tokens.Problem("a match is an object", "The file is damaged or of another format.");
        }

        using var document = tokens.Record();
        var match = document.RootElement;
        var template =
            match.AnyText(TemplateNames)
            ?? throw tokens.Problem("a match has no template-id", "The file is damaged or of another format.");
        tokens.RecordsRead++;
        if (Times.Iso(match.Text("timestamp")) is { } seen)
        {
            yield return new ReportedScan(Format, string.Empty, seen, seen);
        }

        foreach (var record in new NucleiMatch(match, PlainText.Name(template), catalogue).Records())
        {
            yield return record;
        }
    }
}

/// <summary>One match of a template.</summary>
internal sealed class NucleiMatch(JsonElement match, string template, CheckCatalogue catalogue)
{
    private const string Tool = "nuclei";

    // RFC 1035, section 4.2.
    private const int DnsPort = 53;

    // Reserved by IANA: no service answers there, so it names the host as a whole.
    private const int UnknownPort = 0;

    private readonly JsonElement _info = match.Field("info");

    public IEnumerable<ReportRecord> Records()
    {
        var rule = Matcher.Length > 0 ? $"{template}:{Matcher}" : template;
        var check = catalogue.CheckOf(Tool, rule, template);
        var severity = SeverityNames.Read(_info.Text("severity")) ?? Severity.Info;
        var place = WhereItIs();
        yield return new ReportedVisit(
            CanonicalUrl.Host(match.AnyText("host", "matched-at", "matched")) ?? "",
            place.Resource
        );
        if (severity == Severity.Info && !catalogue.Knows(Tool, rule, template))
        {
            yield return new ReportedObservation(check, place, Title(), Value()) { Exchange = Traffic() };
            yield break;
        }

        yield return new ReportedFinding(check, Tool, rule, severity, Title())
        {
            Description = PlainText.Text(_info.Text("description")),
            Recommendation = PlainText.Text(_info.Text("remediation")),
            Cwes = Cwes.In(_info.Path("classification", "cwe-id").Texts()),
            References = _info.Field("reference").Texts(),
        };
        yield return new ReportedOccurrence(check, place) { Detail = Value(), Exchange = Traffic() };
    }

    /// <summary>Which of a template's matchers hit: it tells the missing headers of one template apart, as the one
    /// extracted value does the protocols of TLS templates.</summary>
    private string Matcher =>
        match.AnyText("matcher-name", "matcher_name") is { } matcher ? PlainText.Name(matcher)
        : match.Text("type") is "ssl" && Extracted is [var only] ? only
        : string.Empty;

    private IReadOnlyList<string> Extracted =>
        match.Field("extracted-results").Texts() is { Count: > 0 } results
            ? results
            : match.Field("extracted_results").Texts();

    private string Title() => PlainText.Name(_info.Text("name") ?? template);

    private string Value() => PlainText.Name(Extracted.Count > 0 ? string.Join(", ", Extracted) : Matcher);

    private Place WhereItIs()
    {
        var where = match.AnyText("matched-at", "matched", "url", "host", "ip") ?? string.Empty;
        if (!CanonicalUrl.IsWeb(where))
        {
            return where.Length == 0 ? Place.WholeTarget
                : match.Text("type") is "file" ? Place.File(where, line: null)
                : PortOf(where) ?? Place.Of(where.ToLowerInvariant());
        }

        var request = match.Text("request") ?? string.Empty;
        var method = request.IndexOf(' ', StringComparison.Ordinal) is > 0 and <= 10 and var end
            ? request[..end]
            : "GET";
        return Place.Http(method.All(char.IsAsciiLetterUpper) ? method : "GET", where);
    }

    /// <summary>
    /// A bare <c>host</c> or <c>host:port</c>, or an address of another protocol, written as a port: it lies on the network,
    /// and whether the host may be tested is asked of ports.
    /// </summary>
    private Place? PortOf(string where)
    {
        if (CanonicalUrl.Host(where) is not { } host)
        {
            return null;
        }

        var isDns = match.Text("type") is "dns";
        var known = CanonicalUrl.Port(where) ?? (int.TryParse(match.Text("port"), out var told) ? told : null);
        return Place.Port(host, known ?? (isDns ? DnsPort : UnknownPort), isDns ? "udp" : "tcp");
    }

    /// <summary>The <c>curl-command</c> repeats the request in a form that cannot be masked reliably: it is left out.</summary>
    private ReadOnlyMemory<byte> Traffic() => Exchange.Of(match.Text("request"), match.Text("response"));
}
