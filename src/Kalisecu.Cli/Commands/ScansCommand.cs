using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Scans.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Runs of tools on sites.</summary>
internal static class ScansCommand
{
    private static readonly Argument<string> Id = Options.Id("scan", "Id of the scan");
    private static readonly Option<string> Site = Options.Needed("--site", "SITE", "Id of the site");
    private static readonly Option<string> Tool = Options.Needed("--tool", "TOOL", "Tool to run");
    private static readonly Option<string?> OfSite = Options.Text("--site", "SITE", "Only those of this site");
    private static readonly Option<string?> OfTool = Options.Text("--tool", "TOOL", "Only those of this tool");
    private static readonly Option<Timestamp?> Due = Options.Time(
        "--due",
        "From when an agent may run it; now otherwise"
    );
    private static readonly Option<string[]> Settings = MakeSettings();

    private static readonly Option<ScanState[]> States = Words.Many<ScanState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Scan>[] Columns =
    [
        new("Scan", s => s.ScanId),
        new("Site", s => s.SiteId),
        new("Tool", s => $"{s.Tool} {s.ToolVersion}".TrimEnd()),
        new("State", s => Words.Of(s.State)),
        new("Created", s => Show.Time(s.CreateTime)),
        new("Finished", s => Show.Time(s.FinishTime)),
        new("Opened", s => Count(s, c => c.OccurrencesOpened), IsNumber: true),
        new("Closed", s => Count(s, c => c.OccurrencesClosed), IsNumber: true),
        new("Open", s => Count(s, c => c.OccurrencesOpenTotal), IsNumber: true),
    ];

    private static readonly Column<Scan>[] Properties =
    [
        .. Columns,
        new("Due", s => Show.Time(s.DueTime)),
        new("Agent", s => s.AgentId),
        new("Ran", s => s.StartTime is null ? "" : $"{Show.Time(s.StartTime)} to {Show.Time(s.EndTime)}"),
        new("Complete", s => Show.YesNo(s.Complete)),
        new("Visited", s => s.WholeSite ? "the whole site" : $"{Show.Number(s.VisitedPlaceCount)} places"),
        new("Options", s => string.Join(", ", s.Options.Select(option => $"{option.Key}={option.Value}"))),
        new("Message", s => s.Message),
    ];

    public static Command Create() =>
        new("scans", "Runs of tools on sites")
        {
            new Leaf("create", "Create a scan for an agent to run", "scans create --site SITE --tool testssl")
            {
                Site,
                Tool,
                Settings,
                Due,
            }.Runs(Create),
            new Leaf("list", "List scans", "scans list --site SITE --state completed")
            {
                OfSite,
                OfTool,
                States,
                Options.Limit,
            }.Runs(List),
            new Leaf("get", "Show a scan and what it changed", "scans get SCAN") { Id }.Runs(Get),
            new Leaf("cancel", "Cancel a scan", "scans cancel SCAN --reason 'wrong site'") { Id, Options.Reason }.Runs(
                Cancel
            ),
        };

    private static async Task<int> Create(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CreateScanRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Site),
            Tool = run.Get(Tool),
            DueTime = run.Get(Due),
        };
        foreach (var setting in run.Get(Settings))
        {
            request.Options[setting[..setting.IndexOf('=')]] = setting[(setting.IndexOf('=') + 1)..];
        }

        var answer = await Client(connection).CreateScanAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Scan, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListScansRequest
        {
            SiteId = run.Get(OfSite) ?? "",
            Tool = run.Get(OfTool) ?? "",
            States = { run.Get(States) },
        };
        return await run.ListAsync(
            request,
            Client(connection).ListScansAsync,
            page => page.Scans,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetScanRequest { ScanId = run.Get(Id) };
        var answer = await Client(connection).GetScanAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Scan, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Cancel(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CancelScanRequest
        {
            RequestId = Changes.RequestId(),
            ScanId = run.Get(Id),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).CancelScanAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Scan, Properties);
        return ExitCodes.Ok;
    }

    private static Option<string[]> MakeSettings()
    {
        var settings = Options.Texts("--option", "NAME=VALUE", "Option for the tool, once for each");
        settings.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.IndexOf('=') < 1))
            {
                result.AddError("--option takes NAME=VALUE");
            }
        });
        return settings;
    }

    private static string Count(Scan scan, Func<ScanCounts, ulong> count) =>
        scan.Counts is null ? "" : Show.Number(count(scan.Counts));

    private static ScanService.ScanServiceClient Client(Connection connection) => new(connection.Invoker);
}
