using Kalisecu.Agent.Identity;
using NodaTime;

namespace Kalisecu.Agent.Reading;

/// <summary>
/// One thing a report says, handed on as soon as it is read.
/// <para>
/// The rule that every reader keeps: each raw instance of a report (a SARIF result, a ZAP instance, a Nuclei match, a
/// testssl row, an Nmap port) becomes exactly one <see cref="ReportedOccurrence"/> when it shows a weakness, or exactly
/// one <see cref="ReportedObservation"/> when it only states a fact. So occurrences + observations = raw instances.
/// </para>
/// </summary>
internal abstract record ReportRecord;

/// <summary>
/// A weakness. May come before or after its occurrences and more than once (ZAP tells the description last, SARIF repeats
/// the rule in each result): <see cref="ReportSurvey"/> makes one of them.
/// </summary>
/// <param name="Check">the catalogue's name of the check, or <c>tool:rule</c>; with the site, the finding's identity</param>
/// <param name="Rule">the tool's own name of its rule</param>
internal sealed record ReportedFinding(string Check, string Tool, string Rule, Severity Severity, string Title)
    : ReportRecord
{
    public string Description { get; init; } = string.Empty;

    public string Recommendation { get; init; } = string.Empty;

    public IReadOnlyList<int> Cwes { get; init; } = [];

    public IReadOnlyList<string> References { get; init; } = [];
}

/// <summary>A place where the weakness <paramref name="Check"/> shows.</summary>
internal sealed record ReportedOccurrence(string Check, Place Place) : ReportRecord
{
    /// <summary>What the tool says about this place only, as plain text.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <summary>Raw request, response and evidence as UTF-8, credentials masked; may be empty.</summary>
    public ReadOnlyMemory<byte> Exchange { get; init; }

    /// <summary>Somebody told the tool not to report it; it is kept, and marked.</summary>
    public bool Suppressed { get; init; }
}

/// <summary>An observed fact: an open port, a technology, a cipher that is offered as it should be.</summary>
internal sealed record ReportedObservation(string Kind, Place Place, string Title, string Value) : ReportRecord
{
    public ReadOnlyMemory<byte> Exchange { get; init; }
}

/// <summary>What made the report, and when; several may come, each with what was learnt since.</summary>
internal sealed record ReportedScan(string Tool, string Version, Instant? Started, Instant? Ended) : ReportRecord;

/// <summary>The report shows that this was looked at: the condition for closing what is no longer seen there.</summary>
/// <param name="Resource">equal to <see cref="Place.Resource"/> of the places that were thereby visited</param>
internal sealed record ReportedVisit(string Host, string Resource) : ReportRecord;

/// <summary>The tool says that it could not look at something: the scan is not complete.</summary>
internal sealed record ReportedGap(string Reason) : ReportRecord;
