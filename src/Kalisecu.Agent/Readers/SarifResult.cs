using System.Globalization;
using System.Text.Json;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>One <c>result</c> of a run.</summary>
internal sealed class SarifResult(JsonElement result, SarifRun run, CheckCatalogue catalogue)
{
    private readonly SarifRule? _rule = run.Rule(
        result.Text("ruleId") ?? result.Path("rule", "id").Text(),
        (int)Math.Clamp(result.Path("rule", "toolComponent").Number("index") ?? SarifRun.Driver, -1, int.MaxValue),
        result.Number("ruleIndex") ?? result.Field("rule").Number("index")
    );

    public IEnumerable<ReportRecord> Records()
    {
        var rule = RuleId();
        var check = catalogue.CheckOf(run.Tool, rule);
        var place = WhereItIs();
        if (CanonicalUrl.IsWeb(place.Resource))
        {
            yield return new ReportedVisit(CanonicalUrl.Host(place.Resource) ?? string.Empty, place.Resource);
        }

        if (IsNoWeakness())
        {
            yield return new ReportedObservation(check, place, Title(), PlainText.Name(Message()))
            {
                Exchange = Evidence(),
            };
            yield break;
        }

        yield return new ReportedFinding(check, run.Tool, rule, SeverityOf(), Title())
        {
            Description = _rule?.Description ?? PlainText.Text(Message()),
            Recommendation = _rule?.Recommendation ?? string.Empty,
            Cwes = _rule?.Cwes ?? [],
            References = _rule is { HelpUri.Length: > 0 } ? [_rule.HelpUri] : [],
        };
        yield return new ReportedOccurrence(check, place)
        {
            Detail = PlainText.Text(Message()),
            Exchange = Evidence(),
            Suppressed = IsSuppressed(),
        };
    }

    private string RuleId()
    {
        var id = result.Text("ruleId") ?? result.Path("rule", "id").Text() ?? _rule?.Id;
        return string.IsNullOrWhiteSpace(id) ? PlainText.Slug(Message()) : PlainText.Name(id);
    }

    private string Title() => _rule is { Title.Length: > 0 } ? _rule.Title : PlainText.Name(Message());

    private string Message()
    {
        var message = result.Field("message");
        return message.AnyText("text", "markdown") is { } text
            ? text
            : string.Join(' ', [message.Text("id") ?? RuleIdOnly(), .. message.Field("arguments").Texts()]);
    }

    private string RuleIdOnly() => result.Text("ruleId") ?? _rule?.Id ?? "unnamed";

    /// <summary>SARIF §3.27.9: what passed, does not apply or only informs; §3.27.24: what the baseline had and is gone.</summary>
    private bool IsNoWeakness() =>
        result.Text("kind") is "pass" or "notApplicable" or "informational" || result.Text("baselineState") is "absent";

    /// <summary>SARIF §3.35.3: a suppression that is under review or rejected does not suppress.</summary>
    private bool IsSuppressed() =>
        result.Field("suppressions").Items().Any(item => (item.Text("status") ?? "accepted") is "accepted");

    private Severity SeverityOf()
    {
        var score = result.Path("properties", "security-severity").Text() ?? _rule?.SecuritySeverity;
        if (double.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            // The bands of CVSS v3.1 §5.
            return number switch
            {
                >= 9.0 => Severity.Critical,
                >= 7.0 => Severity.High,
                >= 4.0 => Severity.Medium,
                _ => Severity.Low,
            };
        }

        // SARIF §3.27.10: the result's own level, else the rule's, else warning.
        return (result.Text("level") ?? _rule?.Level ?? "warning") switch
        {
            "error" => Severity.High,
            "note" => Severity.Low,
            "none" => Severity.Info,
            _ => Severity.Medium,
        };
    }

    private Place WhereItIs()
    {
        var location = result.Field("locations").Items().FirstOrDefault();
        var physical = location.Field("physicalLocation");
        var artifact = physical.Field("artifactLocation");
        if (artifact.Text("uri") is { Length: > 0 } uri)
        {
            return Place.File(uri, physical.Field("region").Number("startLine"));
        }

        if (artifact.Number("index") is { } index)
        {
            return Place.File($"artifact {index}", physical.Field("region").Number("startLine"));
        }

        var logical = location.Field("logicalLocations").Items().FirstOrDefault();
        return logical.AnyText("fullyQualifiedName", "name") is { } name ? Place.Of(name) : Place.WholeTarget;
    }

    private ReadOnlyMemory<byte> Evidence()
    {
        var physical = result.Field("locations").Items().FirstOrDefault().Field("physicalLocation");
        return Exchange.Of(
            result.Path("webRequest", "body", "text").Text(),
            result.Path("webResponse", "body", "text").Text(),
            physical.Path("contextRegion", "snippet", "text").Text()
                ?? physical.Path("region", "snippet", "text").Text()
        );
    }
}
