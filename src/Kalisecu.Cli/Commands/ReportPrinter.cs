using Kalisecu.Reports.V1;
using Spectre.Console;

namespace Kalisecu.Cli.Commands;

/// <summary>Prints a report for reading, entry by entry: memory does not grow with it.</summary>
internal sealed class ReportPrinter
{
    /// <summary>Places of a finding that are enough to see what it is about.</summary>
    public const int FewPlaces = 10;

    /// <summary>Observations that show what kind of facts were seen; a TLS scan alone brings over a hundred.</summary>
    public const int FewObservations = 10;

    // Ours: lines that an eye can follow.
    private const int Width = 100;

    private readonly IAnsiConsole _console;
    private readonly bool _all;
    private ReportWords _words = ReportWords.English;
    private ReportSeverity _severity;
    private int _shown;
    private int _findings;
    private int _observations;
    private string _kind = "";

    public ReportPrinter(IAnsiConsole console, bool all)
    {
        _console = console;
        _all = all;
        console.Profile.Width = Math.Min(console.Profile.Width, Width);
    }

    public void Print(ReportEntry entry)
    {
        switch (entry.EntryCase)
        {
            case ReportEntry.EntryOneofCase.Header:
                Print(entry.Header);
                break;
            case ReportEntry.EntryOneofCase.Finding:
                Print(entry.Finding);
                break;
            case ReportEntry.EntryOneofCase.Occurrence:
                Print(entry.Occurrence);
                break;
            case ReportEntry.EntryOneofCase.Observation:
                Print(entry.Observation);
                break;
            case ReportEntry.EntryOneofCase.None:
            default:
                // A newer server tells more than this program knows.
                break;
        }
    }

    public void End()
    {
        EndPlaces();
        if (!_all && _observations > FewObservations)
        {
            Write($"… {_words.Number((ulong)(_observations - FewObservations))} {_words.MoreObservations}", indent: 1);
        }

        if (_findings == 0)
        {
            _console.WriteLine();
            Write(_words.Nothing, indent: 1);
        }

        _console.WriteLine();
    }

    private void Print(ReportHeader header)
    {
        var report = header.Report;
        _words = ReportWords.Of(report.Language);
        var published = report.PublishTime is null
            ? _words.Draft
            : $"{_words.Version} {report.Version}, {_words.Published} {_words.Moment(report.PublishTime)}";
        _console.Write(new Rule { Border = BoxBorder.Double });
        Write(report.Title, indent: 1, new Style(decoration: Decoration.Bold));
        Write($"{header.TenantDisplayName} · {header.SiteDisplayName} · {header.SiteUrl}", indent: 1);
        Write($"{_words.StateOn} {_words.Moment(report.MomentTime)} · {published}", indent: 1);
        if (report.Digest.Length > 0)
        {
            Write($"{_words.Digest} {Show.Hex(report.Digest)}", indent: 1, new Style(decoration: Decoration.Dim));
        }

        _console.Write(new Rule { Border = BoxBorder.Double });
        Print(report.Counts);
        if (report.Summary.Length > 0)
        {
            _console.WriteLine();
            Write(_words.Summary, indent: 1, new Style(decoration: Decoration.Bold));
            Write(report.Summary, indent: 1);
        }
    }

    private void Print(ReportCounts counts)
    {
        (ReportSeverity Severity, ulong Count)[] severities =
        [
            (ReportSeverity.Critical, counts.Critical),
            (ReportSeverity.High, counts.High),
            (ReportSeverity.Medium, counts.Medium),
            (ReportSeverity.Low, counts.Low),
            (ReportSeverity.Info, counts.Info),
        ];
        var line = new Paragraph(" ");
        foreach (var (severity, count) in severities)
        {
            var style = count > 0 ? StyleOf(severity) : new Style(decoration: Decoration.Dim);
            line.Append($"{_words.Severity(severity)} {_words.Number(count)}", style).Append("   ");
        }

        line.Append(
            $"{_words.Number(counts.OccurrenceCount)} {_words.Places}, "
                + $"{_words.Number(counts.ObservationCount)} {_words.Observations}"
        );
        _console.Write(line);
        _console.WriteLine();
    }

    private void Print(ReportedFinding finding)
    {
        EndPlaces();
        _console.WriteLine();
        if (finding.Severity != _severity)
        {
            _severity = finding.Severity;
            _console.Write(
                new Rule(_words.Severity(_severity)) { Justification = Justify.Left, Style = StyleOf(_severity) }
            );
        }

        _findings++;
        _shown = 0;
        Write($"{_findings}. {finding.Title}", indent: 1, new Style(decoration: Decoration.Bold));
        IEnumerable<string> facts =
        [
            finding.Check,
            .. finding.CweNumbers.Select(number => $"CWE-{number}"),
            string.Join(", ", finding.Tools),
        ];
        Write(string.Join(" · ", facts), indent: 4, new Style(decoration: Decoration.Dim));
        Write(finding.Description, indent: 4);
        if (finding.Recommendation.Length > 0)
        {
            Write($"{_words.Recommendation} {finding.Recommendation}", indent: 4);
        }

        if (finding.References.Count > 0)
        {
            Write($"{_words.ReadMore} {finding.References[0]}", indent: 4, new Style(decoration: Decoration.Dim));
        }
    }

    private void Print(ReportedOccurrence occurrence)
    {
        if (_all || _shown < FewPlaces)
        {
            Write($"• {occurrence.Place}", indent: 6);
        }

        _shown++;
    }

    private void Print(ReportedObservation observation)
    {
        EndPlaces();
        if (++_observations > FewObservations && !_all)
        {
            return;
        }

        if (_kind.Length == 0)
        {
            _console.WriteLine();
            _console.Write(new Rule(_words.Observed) { Justification = Justify.Left });
        }

        if (!string.Equals(_kind, observation.Kind, StringComparison.Ordinal))
        {
            _kind = observation.Kind;
            Write(_kind, indent: 1, new Style(decoration: Decoration.Bold));
        }

        Write($"{observation.Place}  {observation.Value}", indent: 4);
    }

    // How many places were left out is known when the next entry comes.
    private void EndPlaces()
    {
        if (!_all && _shown > FewPlaces)
        {
            Write($"… {_words.Number((ulong)(_shown - FewPlaces))} {_words.More}", indent: 6);
        }

        _shown = 0;
    }

    private void Write(string text, int indent, Style? style = null)
    {
        if (text.Length > 0)
        {
            _console.Write(new Padder(new Text(Show.Safe(text, keepLines: true), style), new Padding(indent, 0, 0, 0)));
        }
    }

    private static Style StyleOf(ReportSeverity severity) =>
        severity switch
        {
            ReportSeverity.Critical => new Style(Color.White, Color.DarkRed, Decoration.Bold),
            ReportSeverity.High => new Style(Color.Red, decoration: Decoration.Bold),
            ReportSeverity.Medium => new Style(Color.Orange1, decoration: Decoration.Bold),
            ReportSeverity.Low => new Style(Color.Yellow),
            ReportSeverity.Info => new Style(Color.Blue),
            ReportSeverity.Unspecified => Style.Plain,
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "no severity of reports"),
        };
}
