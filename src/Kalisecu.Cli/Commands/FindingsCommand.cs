using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The weaknesses of a tenant's sites.</summary>
internal static class FindingsCommand
{
    private static readonly Option<string?> Site = Options.Text("--site", "SITE", "Only those of this site");
    private static readonly Option<string?> Check = Options.Text("--check", "CHECK", "Only those of this check");
    private static readonly Option<string?> Tool = Options.Text("--tool", "TOOL", "Only those of this tool");
    private static readonly Option<string?> WithText = Options.Text("--text", "TEXT", "Only those with this text");

    private static readonly Option<Severity[]> Severities = Words.Many<Severity>(
        "--severity",
        "Only those of these severities"
    );

    private static readonly Option<FindingState[]> States = Words.Many<FindingState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Option<DismissedFilter> Dismissed = Words.One<DismissedFilter>(
        "--dismissed",
        "Whether dismissed ones are listed [default: without]"
    );

    private static readonly Option<FindingOrder> Order = Words.One<FindingOrder>(
        "--order",
        "In which order [default: severity]"
    );

    private static readonly Column<Finding>[] Columns =
    [
        new("Severity", f => Words.Of(f.Severity)),
        new("Check", f => f.Check),
        new("Title", f => f.Title),
        new("Places", f => Show.Number(f.OpenOccurrenceCount), IsNumber: true),
        new("State", f => Words.Of(f.State) + (f.Dismissal is null ? "" : ", dismissed")),
        new("Since", f => Show.Day(f.OpenTime)),
        new("Finding", f => f.FindingId),
    ];

    /// <summary>All about one finding.</summary>
    public static IReadOnlyList<Column<Finding>> Properties { get; } =
    [
        .. Columns,
        new("Site", f => f.SiteId),
        new("Tools", f => string.Join(", ", f.Tools)),
        new("CWE", f => string.Join(", ", f.CweNumbers)),
        new("Description", f => f.Description),
        new(
            "What to do",
            f => string.Join(" ", f.Recommendations.Select(r => r.TextEn.Length > 0 ? r.TextEn : r.TextFr))
        ),
        new("Read more", f => string.Join(" ", f.References)),
        new("Opened", f => Show.Time(f.OpenTime)),
        new("Reopened", f => Show.Time(f.ReopenTime)),
        new("Closed", f => Show.Time(f.CloseTime)),
        new("Dismissed", f => f.Dismissal is null ? "" : $"{Words.Of(f.Dismissal.Kind)}: {f.Dismissal.Justification}"),
        new("Etag", f => f.Etag),
    ];

    public static Command Create() =>
        new("findings", "The weaknesses of a tenant's sites")
        {
            new Leaf("list", "List findings", "findings list --severity high critical --state open")
            {
                Site,
                Severities,
                States,
                Check,
                Tool,
                WithText,
                Dismissed,
                Order,
                Options.Limit,
            }.Runs(List),
            FindingDetails.Get(),
            FindingDetails.Occurrences(),
            FindingDetails.History(),
            FindingDetails.Exchange(),
            FindingDecisions.Dismiss(),
            FindingDecisions.Restore(),
            FindingExport.Create(),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListFindingsRequest
        {
            SiteId = run.Get(Site) ?? "",
            Severities = { run.Get(Severities) },
            States = { run.Get(States) },
            Check = run.Get(Check) ?? "",
            Tool = run.Get(Tool) ?? "",
            Text = run.Get(WithText) ?? "",
            Dismissed = run.Get(Dismissed),
            Order = run.Get(Order),
        };
        return await run.ListAsync(
            request,
            new FindingService.FindingServiceClient(connection.Invoker).ListFindingsAsync,
            page => page.Findings,
            Columns,
            cancellationToken
        );
    }
}
