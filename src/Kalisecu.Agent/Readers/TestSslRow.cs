using System.Text.RegularExpressions;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// One row. LOW and above is a weakness. OK and INFO state a fact. WARN and FATAL say that the test could not be done:
/// a fact too, and no visit, so that a weakness seen before stays open; FATAL ends the target, so the scan has a gap.
/// </summary>
internal sealed partial record TestSslRow(string Id, string Target, string Port, string Severity, string Finding)
{
    private const string Tool = "testssl";

    public string Cve { get; init; } = string.Empty;

    public string Cwe { get; init; } = string.Empty;

    /// <summary>
    /// The name that was asked for. The address behind it changes with the provider; where one name has several, their
    /// rows are repeats of one place.
    /// </summary>
    private string Host
    {
        get
        {
            var parts = Target.Split('/', 2);
            return (parts[0].Length > 0 ? parts[0] : parts[^1]).ToLowerInvariant();
        }
    }

    /// <summary>With several certificates the id carries a number that is not part of the rule.</summary>
    private string Rule => PlainText.Name(CertificateNumber().Replace(Id, string.Empty));

    public IEnumerable<ReportRecord> Records(CheckCatalogue catalogue)
    {
        var where = $"{Host}:{Port}";
        var check = catalogue.CheckOf(Tool, Rule);
        var place = Place.Of($"{where} {PlainText.Name(Id)}", Resource(where));
        var exchange = Exchange.Of($"{Target}:{Port} {Id} {Severity}", Finding, Cve);
        var isUndone = Severity is "WARN" or "FATAL";
        if (!isUndone)
        {
            yield return new ReportedVisit(Host, place.Resource);
        }

        if (Severity is "FATAL")
        {
            yield return new ReportedGap(PlainText.Name($"{where}: {Finding}"));
        }

        if (SeverityNames.Read(Severity) is not { } severity || severity == Reading.Severity.Info)
        {
            var kind = isUndone ? $"{Tool}:undone:{Rule}" : $"{Tool}:{Rule}";
            yield return new ReportedObservation(kind, place, Rule, PlainText.Name(Finding)) { Exchange = exchange };
            yield break;
        }

        yield return new ReportedFinding(check, Tool, Rule, severity, catalogue.TitleOf(check) ?? Rule)
        {
            Description = PlainText.Text(Finding),
            Cwes = Cwes.In(Cwe),
            References = [.. Cve.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(ReportLimits.ListLength)],
        };
        yield return new ReportedOccurrence(check, place) { Detail = PlainText.Text(Finding), Exchange = exchange };
    }

    /// <summary>A cipher that is no longer offered has no row: any row of the list shows that all were tried.</summary>
    private string Resource(string where) =>
        Id.StartsWith("cipher_", StringComparison.Ordinal) || Id.StartsWith("cipher-", StringComparison.Ordinal)
            ? $"{where} ciphers"
            : $"{where} {Rule}";

    [GeneratedRegex(" ?<(?:hostCert|cert)#[0-9]+>", RegexOptions.NonBacktracking)]
    private static partial Regex CertificateNumber();
}
