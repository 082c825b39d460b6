using System.CommandLine;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Readers;
using Kalisecu.Agent.Reading;
using Spectre.Console;

namespace Kalisecu.Agent.Commands;

/// <summary>
/// <c>parse FILE</c>: shows what the agent understands of a report, without any server. The report is read once to the end
/// before the first line is printed, so a damaged one prints nothing.
/// </summary>
internal static class ParseCommand
{
    public static Command Create()
    {
        var formats = new ReportFormats(CheckCatalogue.Load());
        var file = new Argument<string>("FILE") { Description = "The report." };
        var format = new Option<string>("--format")
        {
            Description = $"Its format: {string.Join(", ", formats.Names)}; auto tells it from the content.",
            DefaultValueFactory = _ => ReportFormats.Auto,
        };
        format.AcceptOnlyFromAmong([ReportFormats.Auto, .. formats.Names]);
        var site = new Option<Guid>("--site")
        {
            Description = "The site's id, which ids of findings and occurrences are made from; all zeros by default.",
        };
        var json = new Option<bool>("--json")
        {
            Description =
                "One JSON object a line: findings, then each observation and occurrence in the report's order.",
        };
        var command = new Command("parse", $"Shows what a scanner's report says. {ExitCodes.Help}")
        {
            file,
            format,
            site,
            json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Task.FromResult(
                    Run(
                        new ParseRequest(
                            arguments.GetRequiredValue(file),
                            arguments.GetRequiredValue(format),
                            arguments.GetValue(site),
                            arguments.GetValue(json)
                        ),
                        formats,
                        cancellationToken
                    )
                )
        );
        return command;
    }

    private static int Run(ParseRequest request, ReportFormats formats, CancellationToken cancellationToken)
    {
        try
        {
            var chosen = request.Format is ReportFormats.Auto ? null : request.Format;
            var report = Report.Open(ReportSource.File(request.File), formats, chosen);
            var survey = ReportSurvey.Of(report, cancellationToken);
            var identity = new ReportIdentity(request.SiteId);
            if (request.Json)
            {
                using var output = Console.OpenStandardOutput();
                new ReportJson(identity).Write(report, survey, output, cancellationToken);
            }
            else
            {
                ReportSummary.Write(report, survey, AnsiConsole.Console);
            }

            return ExitCodes.Ok;
        }
        catch (ReportProblem problem)
        {
            return Fail($"{request.File}: {problem.Message}", ExitCodes.BadReport);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"{request.File}: {e.Message}", ExitCodes.NoInput);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }

    private sealed record ParseRequest(string File, string Format, Guid SiteId, bool Json);
}
