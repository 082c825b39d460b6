using System.Text;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;
using NodaTime;

namespace Kalisecu.Agent.Push;

/// <summary>What a person says of a scan beyond its report.</summary>
/// <param name="Tool">the tool's name; null: as the report says</param>
/// <param name="Complete">true: the whole site was visited; false: nothing may close; null: as the report says</param>
internal sealed record ScanChoices(Guid SiteId, string? Tool, bool? Complete);

/// <summary>Turns a report into a spooled scan. It is read to its end first: a broken one spools nothing.</summary>
internal sealed class ScanSpooler(SpoolFolder spool, CheckCatalogue catalogue, IClock clock)
{
    // The limits of the contract, where a report may say more.
    private const int MaximumRule = 200;
    private const int MaximumTitle = 500;
    private const int MaximumText = 16_384;
    private const int MaximumValue = 4_096;
    private const int MaximumReference = 2_048;
    private const int MaximumCwes = 20;
    private const int MaximumReferences = 50;
    private const int MaximumVersion = 100;

    /// <summary>Reads a report to its end, then keeps it as a scan to push.</summary>
    /// <exception cref="ReportProblem">the report is not sound</exception>
    public SpoolEntry Spool(Report report, ScanChoices choices, CancellationToken cancellationToken)
    {
        var survey = ReportSurvey.Of(report, cancellationToken);
        var now = clock.GetCurrentInstant();
        var end = survey.Ended is { } ended && ended <= now ? ended : now;
        var facts = new ScanFacts(
            Guid.CreateVersion7(now.ToDateTimeOffset()),
            choices.SiteId,
            Name(choices.Tool ?? survey.Tool),
            Clip(survey.ToolVersion.Trim(), MaximumVersion),
            catalogue.Version,
            survey.Started is { } started && started <= end ? started : end,
            end
        );
        using var writer = new SpoolWriter(spool, facts);
        foreach (var finding in survey.Findings.Values)
        {
            writer.AddFinding(Body(finding));
        }

        foreach (var record in new ReportIdentity(choices.SiteId).Identify(report.Read(cancellationToken)))
        {
            switch (record)
            {
                case IdentifiedOccurrence { Of: SubjectKind.Finding } occurrence:
                    writer.AddOccurrence(
                        occurrence.SubjectId,
                        occurrence.OccurrenceId,
                        occurrence.Place,
                        occurrence.Exchange
                    );
                    break;
                case IdentifiedObservation observation:
                    writer.AddObservation(
                        new ObservationBody
                        {
                            Kind = observation.Observation.Kind,
                            Place = observation.Place,
                            Value = Clip(observation.Observation.Value, MaximumValue),
                            Title = Clip(observation.Observation.Title, MaximumTitle),
                        }
                    );
                    break;
                default:
                    break;
            }
        }

        var coverage = survey.Coverage;
        var complete = choices.Complete ?? (coverage.IsComplete && coverage.Extent is not CoverageExtent.Unknown);
        var wholeSite = choices.Complete is true || (complete && coverage.Extent is CoverageExtent.WholeTarget);
        return writer.Commit(
            complete,
            wholeSite,
            wholeSite || !complete ? [] : coverage.Resources.Select(VisitedPlace.Of).Distinct(StringComparer.Ordinal)
        );
    }

    private static FindingBody Body(ReportedFinding finding) =>
        new()
        {
            Check = finding.Check,
            Rule = Clip(finding.Rule, MaximumRule),
            Severity = (Findings.V1.Severity)((int)finding.Severity + 1),
            Title = Clip(finding.Title.Length > 0 ? finding.Title : finding.Check, MaximumTitle),
            Description = Clip(finding.Description, MaximumText),
            Recommendation = Clip(finding.Recommendation, MaximumText),
            CweNumbers = { finding.Cwes.Where(c => c > 0).Distinct().Order().Take(MaximumCwes).Select(c => (uint)c) },
            References =
            {
                finding
                    .References.Where(r => r.Length > 0 && !r.Contains('\n', StringComparison.Ordinal))
                    .Where(r => Encoding.UTF8.GetByteCount(r) <= MaximumReference)
                    .Take(MaximumReferences),
            },
        };

    /// <summary>The name of a tool as the contract spells it.</summary>
    private static string Name(string tool)
    {
        var name = string.Concat(
                tool.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')
            )
            .Trim('-', '.', '_');
        return name.Length switch
        {
            0 => "unknown",
            > 40 => name[..40],
            _ => name,
        };
    }

    private static string Clip(string text, int maximumBytes)
    {
        var kept = text.Length;
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, kept)) > maximumBytes)
        {
            kept = Math.Min(kept - 1, Math.Max(maximumBytes, kept - 64));
            kept = kept > 0 && char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept;
        }

        return text[..kept].Replace("\0", "", StringComparison.Ordinal);
    }
}
