using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Reports.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Accounts of a site's state for the client.</summary>
internal static class ReportsCommand
{
    private static readonly Argument<string> Id = Options.Id("report", "Id of the report");
    private static readonly Option<string> Site = Options.Needed("--site", "SITE", "Id of the site");
    private static readonly Option<string> Title = Options.Needed("--title", "TEXT", "Title");
    private static readonly Option<string?> SummaryFile = Options.Text("--summary-file", "FILE", "Summary, plain text");
    private static readonly Option<Timestamp?> Moment = Options.Time("--moment", "Whose state it tells; now otherwise");
    private static readonly Option<string?> OfSite = Options.Text("--site", "SITE", "Only those of this site");

    private static readonly Option<ReportLanguage> Language = Words.One<ReportLanguage>(
        "--language",
        "Language of its texts [default: the tenant's]"
    );

    private static readonly Option<ReportState[]> States = Words.Many<ReportState>(
        "--state",
        "Only those in one of these states; discarded ones are left out otherwise"
    );

    private static readonly Column<Report>[] Columns =
    [
        new("Report", r => r.ReportId),
        new("Title", r => r.Title),
        new("Moment", r => Show.Time(r.MomentTime)),
        new("State", r => Words.Of(r.State) + (r.Version == 0 ? "" : $", version {r.Version}")),
        new("Critical", r => Show.Number(r.Counts.Critical), IsNumber: true),
        new("High", r => Show.Number(r.Counts.High), IsNumber: true),
        new("Medium", r => Show.Number(r.Counts.Medium), IsNumber: true),
        new("Low", r => Show.Number(r.Counts.Low), IsNumber: true),
        new("Info", r => Show.Number(r.Counts.Info), IsNumber: true),
    ];

    private static readonly Column<Report>[] Properties =
    [
        .. Columns,
        new("Site", r => r.SiteId),
        new("Language", r => Words.Of(r.Language)),
        new("Summary", r => r.Summary),
        new("Places", r => Show.Number(r.Counts.OccurrenceCount)),
        new("Observations", r => Show.Number(r.Counts.ObservationCount)),
        new("Composed", r => Show.Time(r.CreateTime)),
        new("Published", r => Show.Time(r.PublishTime)),
        new("SHA-256", r => Show.Hex(r.Digest)),
        new("Etag", r => r.Etag),
    ];

    public static Command Create() =>
        new("reports", "Accounts of a site's state for the client")
        {
            new Leaf(
                "compose",
                "Compose a draft from the state of a site",
                "reports compose --site SITE --title 'Audit'"
            )
            {
                Site,
                Title,
                SummaryFile,
                Language,
                Moment,
            }.Runs(Compose),
            new Leaf("list", "List reports", "reports list --site SITE") { OfSite, States, Options.Limit }.Runs(List),
            new Leaf("get", "Show a report without its entries", "reports get REPORT") { Id }.Runs(Get),
            new Leaf("publish", "Freeze a draft and show it to the members", "reports publish REPORT")
            {
                Id,
                Options.Etag,
            }.Runs(Publish),
            new Leaf("discard", "Give a draft up", "reports discard REPORT") { Id, Options.Etag }.Runs(Discard),
            new Leaf("show", "Read a report", "reports show REPORT") { Id, ReportReading.All }.Runs(Read),
            ReportExport.Create(),
        };

    private static async Task<int> Compose(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ComposeReportRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Site),
            Title = run.Get(Title),
            Language = run.Get(Language),
            Summary = run.Get(SummaryFile) is { } file ? await File.ReadAllTextAsync(file, cancellationToken) : "",
            MomentTime = run.Get(Moment),
        };
        var answer = await Client(connection).ComposeReportAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Report, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListReportsRequest { SiteId = run.Get(OfSite) ?? "", States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListReportsAsync,
            page => page.Reports,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetReportRequest { ReportId = run.Get(Id) };
        var answer = await Client(connection).GetReportAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Report, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Publish(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new PublishReportRequest
        {
            RequestId = Changes.RequestId(),
            ReportId = run.Get(Id),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).PublishReportAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Report, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Discard(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new DiscardReportRequest
        {
            RequestId = Changes.RequestId(),
            ReportId = run.Get(Id),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).DiscardReportAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Report, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Read(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        await ReportReading.ShowAsync(
            connection,
            run.Get(Id),
            run.Output,
            run.Get(ReportReading.All),
            cancellationToken
        );
        return ExitCodes.Ok;
    }

    private static ReportService.ReportServiceClient Client(Connection connection) => new(connection.Invoker);
}
