using System.CommandLine;
using System.Text;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>One finding: its texts, its places, what happened to it, what was sent and received.</summary>
internal static class FindingDetails
{
    private static readonly Argument<string> Id = Options.Id("finding", "Id of the finding");
    private static readonly Argument<string> OccurrenceId = Options.Id("occurrence", "Id of the occurrence");
    private static readonly Option<bool> OpenOnly = new("--open") { Description = "Leave out closed ones" };

    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "FILE",
        "Write it there as it is; a terminal gets it made harmless"
    );

    private static readonly Column<Occurrence>[] OccurrenceColumns =
    [
        new("Place", o => o.Place),
        new("Tool", o => o.Tool),
        new("Opened", o => Show.Time(o.OpenTime)),
        new("Closed", o => Show.Time(o.CloseTime)),
        new("Exchange", o => Show.YesNo(o.HasExchange)),
        new("Occurrence", o => o.OccurrenceId),
    ];

    private static readonly Column<FindingEvent>[] EventColumns =
    [
        new("When", e => Show.Time(e.EventTime)),
        new("What", e => Words.Of(e.Kind)),
        new("Severity", SeverityChange),
        new("Opened", e => Show.Number(e.OccurrencesOpened), IsNumber: true),
        new("Closed", e => Show.Number(e.OccurrencesClosed), IsNumber: true),
        new("By", By),
        new("Why", e => e.Dismissal is null ? e.Reason : $"{Words.Of(e.Dismissal.Kind)}: {e.Dismissal.Justification}"),
    ];

    public static Command Get() =>
        new Leaf("get", "Show a finding with all its texts", "findings get FINDING") { Id }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new GetFindingRequest { FindingId = run.Get(Id) };
                var answer = await Client(connection).GetFindingAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Finding, FindingsCommand.Properties);
                return ExitCodes.Ok;
            }
        );

    public static Command Occurrences() =>
        new Leaf("occurrences", "List the places of a finding", "findings occurrences FINDING --open")
        {
            Id,
            OpenOnly,
            Options.Limit,
        }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new ListOccurrencesRequest { FindingId = run.Get(Id), OpenOnly = run.Get(OpenOnly) };
                return await run.ListAsync(
                    request,
                    Client(connection).ListOccurrencesAsync,
                    page => page.Occurrences,
                    OccurrenceColumns,
                    cancellationToken
                );
            }
        );

    public static Command History() =>
        new Leaf("history", "List who and what changed a finding", "findings history FINDING")
        {
            Id,
            Options.Limit,
        }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new ListFindingEventsRequest { FindingId = run.Get(Id) };
                return await run.ListAsync(
                    request,
                    Client(connection).ListFindingEventsAsync,
                    page => page.Events,
                    EventColumns,
                    cancellationToken
                );
            }
        );

    public static Command Exchange() =>
        new Leaf("exchange", "Show what a tool sent and received", "findings exchange FINDING OCCURRENCE --out raw.txt")
        {
            Id,
            OccurrenceId,
            Out,
        }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new GetExchangeRequest { FindingId = run.Get(Id), OccurrenceId = run.Get(OccurrenceId) };
                var answer = await Client(connection).GetExchangeAsync(request, cancellationToken: cancellationToken);
                await ShowExchange(run, answer, cancellationToken);
                return ExitCodes.Ok;
            }
        );

    // It comes from a website: a terminal must not obey what stands in it.
    private static async Task ShowExchange(
        Invocation run,
        GetExchangeResponse answer,
        CancellationToken cancellationToken
    )
    {
        if (run.Get(Out) is { } file)
        {
            await File.WriteAllBytesAsync(file, answer.Exchange.ToByteArray(), cancellationToken);
        }
        else if (run.Output.IsJson)
        {
            run.Output.Line(answer);
        }
        else
        {
            var text = Encoding.UTF8.GetString(answer.Exchange.Span).Replace("\r\n", "\n", StringComparison.Ordinal);
            run.Output.Raw(Show.Safe(text, keepLines: true) + "\n");
        }
    }

    private static string SeverityChange(FindingEvent change) =>
        change.OldSeverity == change.NewSeverity || change.OldSeverity == Severity.Unspecified
            ? Words.Of(change.NewSeverity)
            : $"{Words.Of(change.OldSeverity)} → {Words.Of(change.NewSeverity)}";

    private static string By(FindingEvent change) =>
        change.ScanId.Length > 0 ? $"scan {change.ScanId}"
        : change.PersonId.Length > 0 ? $"person {change.PersonId}"
        : "the clock";

    private static FindingService.FindingServiceClient Client(Connection connection) => new(connection.Invoker);
}
