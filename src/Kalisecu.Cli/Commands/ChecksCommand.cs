using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The catalogue of checks.</summary>
internal static class ChecksCommand
{
    private static readonly Argument<string> Name = Options.Id("check", "Name of the check");
    private static readonly Option<string?> Prefix = Options.Text(
        "--prefix",
        "TEXT",
        "Only those whose name begins so"
    );
    private static readonly Option<string?> Tool = Options.Text("--tool", "TOOL", "Only those that this tool can find");

    private static readonly Column<Check>[] Columns =
    [
        new("Check", c => c.Name),
        new("Severity", c => Words.Of(c.DefaultSeverity)),
        new("Title", c => c.TitleEn),
        new("Tools", c => string.Join(", ", c.ToolRules.Select(rule => rule.Tool).Distinct(StringComparer.Ordinal))),
    ];

    private static readonly Column<Check>[] Properties =
    [
        .. Columns,
        new("Titre", c => c.TitleFr),
        new("CWE", c => string.Join(", ", c.CweNumbers)),
        new("Description", c => c.DescriptionEn),
        new("What to do", c => c.RecommendationEn),
        new("Que faire", c => c.RecommendationFr),
        new("Rules", c => string.Join(", ", c.ToolRules.Select(rule => $"{rule.Tool}:{rule.Rule}"))),
    ];

    public static Command Create() =>
        new("checks", "The catalogue of checks")
        {
            new Leaf("list", "List checks", "checks list --prefix http.header.") { Prefix, Tool, Options.Limit }.Runs(
                List
            ),
            new Leaf("get", "Show a check", "checks get http.header.csp.missing") { Name }.Runs(Get),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ListChecksRequest { Prefix = run.Get(Prefix) ?? "", Tool = run.Get(Tool) ?? "" };
        return await run.ListAsync(
            request,
            new CheckService.CheckServiceClient(connection.Invoker).ListChecksAsync,
            page => page.Checks,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var client = new CheckService.CheckServiceClient(connection.Invoker);
        var request = new GetCheckRequest { Name = run.Get(Name) };
        var answer = await client.GetCheckAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Check, Properties);
        return ExitCodes.Ok;
    }
}
