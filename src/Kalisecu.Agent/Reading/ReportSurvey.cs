using NodaTime;

namespace Kalisecu.Agent.Reading;

/// <summary>How far a scan's silence about a place means that nothing is there any more.</summary>
internal enum CoverageExtent
{
    /// <summary>The report does not tell: nothing may be closed by it.</summary>
    Unknown = 0,

    /// <summary>Only what is listed in <see cref="ReportCoverage.Resources"/> was looked at.</summary>
    Listed = 1,

    /// <summary>The tool always looks at all of its target.</summary>
    WholeTarget = 2,
}

/// <summary>What a scan visited.</summary>
/// <param name="Gaps">what the tool says it could not look at; any gap makes the scan incomplete</param>
internal sealed record ReportCoverage(
    CoverageExtent Extent,
    IReadOnlySet<string> Resources,
    IReadOnlySet<string> Hosts,
    IReadOnlyList<string> Gaps
)
{
    public bool IsComplete => Gaps.Count == 0;
}

/// <summary>
/// One reading of a whole report: proves that it is sound, and gathers what is bounded (findings, coverage, counts) before
/// anything is sent. Occurrences are then streamed by a second reading.
/// </summary>
internal sealed class ReportSurvey
{
    private readonly Dictionary<string, ReportedFinding> _findings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly List<string> _gaps = [];
    private readonly TextBudget _texts = new();
    private readonly Report _report;
    private bool _tooManyVisits;

    private ReportSurvey(Report report) => _report = report;

    /// <summary>By their check, each with the highest severity that the report gives it.</summary>
    public IReadOnlyDictionary<string, ReportedFinding> Findings => _findings;

    public long OccurrenceCount { get; private set; }

    public long ObservationCount { get; private set; }

    public string Tool { get; private set; } = string.Empty;

    public string ToolVersion { get; private set; } = string.Empty;

    public Instant? Started { get; private set; }

    public Instant? Ended { get; private set; }

    public ReportCoverage Coverage =>
        new(_tooManyVisits ? CoverageExtent.Unknown : _report.Extent, _resources, _hosts, _gaps);

    /// <summary>Reads the report to its end.</summary>
    /// <exception cref="ReportProblem">the report is not sound</exception>
    public static ReportSurvey Of(Report report, CancellationToken cancellationToken)
    {
        var survey = new ReportSurvey(report);
        foreach (var record in report.Read(cancellationToken))
        {
            survey.Take(record);
        }

        return survey;
    }

    private void Take(ReportRecord record)
    {
        switch (record)
        {
            case ReportedFinding finding:
                Take(finding);
                break;
            case ReportedOccurrence:
                OccurrenceCount++;
                break;
            case ReportedObservation:
                ObservationCount++;
                break;
            case ReportedScan scan:
                Take(scan);
                break;
            case ReportedVisit visit:
                Take(visit);
                break;
            case ReportedGap gap when _gaps.Count < ReportLimits.ListLength:
                _gaps.Add(gap.Reason);
                break;
            default:
                break;
        }
    }

    private void Take(ReportedFinding finding)
    {
        if (!_findings.TryGetValue(finding.Check, out var known))
        {
            if (_findings.Count == ReportLimits.Findings)
            {
                throw new ReportProblem(
                    _report.Format,
                    $"more than {ReportLimits.Findings} different findings",
                    "Split the scan: no tool has so many rules.",
                    default
                );
            }

            _findings.Add(
                finding.Check,
                finding with
                {
                    Description = _texts.Take(finding.Description),
                    Recommendation = _texts.Take(finding.Recommendation),
                }
            );
        }
        else if (finding.Severity > known.Severity)
        {
            _findings[finding.Check] = known with { Severity = finding.Severity };
        }
    }

    private void Take(ReportedScan scan)
    {
        Tool = Tool.Length == 0 ? scan.Tool : Tool;
        ToolVersion = ToolVersion.Length == 0 ? scan.Version : ToolVersion;
        Started = scan.Started is { } started && (Started is null || started < Started) ? started : Started;
        Ended = scan.Ended is { } ended && (Ended is null || ended > Ended) ? ended : Ended;
    }

    private void Take(ReportedVisit visit)
    {
        if (_resources.Count < ReportLimits.Visits && _hosts.Count < ReportLimits.Visits)
        {
            _resources.Add(visit.Resource);
            if (visit.Host.Length > 0)
            {
                _hosts.Add(visit.Host);
            }
        }
        else
        {
            _tooManyVisits = true;
        }
    }
}
