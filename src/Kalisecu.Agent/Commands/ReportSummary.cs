using System.Globalization;
using Kalisecu.Agent.Reading;
using Spectre.Console;

namespace Kalisecu.Agent.Commands;

/// <summary>A report for people: one line for each finding, worst first.</summary>
internal static class ReportSummary
{
    public static void Write(Report report, ReportSurvey survey, IAnsiConsole console)
    {
        var tool = string.Join(' ', new[] { survey.Tool, survey.ToolVersion }.Where(text => text.Length > 0));
        console.MarkupLineInterpolated($"[bold]{report.Name}[/]: {report.Format}, {tool}");

        var table = new Table().AddColumns("Severity", "Check", "Title");
        foreach (
            var finding in survey
                .Findings.Values.OrderByDescending(f => f.Severity)
                .ThenBy(f => f.Check, StringComparer.Ordinal)
        )
        {
            table.AddRow(
                new Text(finding.Severity.ToString(), Style(finding.Severity)),
                new Text(finding.Check),
                new Text(finding.Title)
            );
        }

        if (survey.Findings.Count > 0)
        {
            console.Write(table);
        }

        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{survey.Findings.Count} findings in {survey.OccurrenceCount} places, {survey.ObservationCount} observations."
            )
        );
        foreach (var gap in survey.Coverage.Gaps)
        {
            console.MarkupLineInterpolated($"[yellow]Not complete:[/] {gap}");
        }
    }

    private static Style Style(Severity severity) =>
        severity switch
        {
            Severity.Critical or Severity.High => new Style(Color.Red),
            Severity.Medium => new Style(Color.Yellow),
            Severity.Low or Severity.Info => Spectre.Console.Style.Plain,
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, message: null),
        };
}
