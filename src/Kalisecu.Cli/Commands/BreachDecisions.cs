using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Breaches.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Who is told: the CNIL, the persons, the clients.</summary>
internal static class BreachDecisions
{
    private static readonly Option<NotificationDecision> Decision = Words
        .One<NotificationDecision>("--decision", "Whether the CNIL is notified")
        .Needed();

    private static readonly Option<CommunicationDecision> Communication = Words
        .One<CommunicationDecision>("--decision", "Whether the persons are told, or which exception holds")
        .Needed();

    private static readonly Option<string> Reasons = Options.Needed("--reasons", "TEXT", "Why");

    private static readonly Option<bool> Complete = new("--complete")
    {
        Description = "Everything is said with it: no complementary one follows",
    };

    private static readonly Option<string?> Delay = Options.Text(
        "--delay-reasons",
        "TEXT",
        "Reasons for the delay, when it is late"
    );

    private static readonly Option<string> Receipt = Options.Needed(
        "--receipt",
        "NUMBER",
        "Number of the CNIL's receipt"
    );
    private static readonly Option<Timestamp?> Filed = Options.Time("--filed", "When it was filed [default: now]");
    private static readonly Option<string> SummaryFr = Options.Needed(
        "--summary-fr",
        "TEXT",
        "What happened, in French"
    );
    private static readonly Option<string> SummaryEn = Options.Needed("--summary-en", "TEXT", "The same in English");
    private static readonly Option<string> AdviceFr = Options.Needed(
        "--advice-fr",
        "TEXT",
        "What was done and what they can do, in French"
    );
    private static readonly Option<string> AdviceEn = Options.Needed("--advice-en", "TEXT", "The same in English");

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf(
            "decide",
            "Decide whether the CNIL is notified",
            "breach decide BREACH --decision notify --reasons 'contact data are out'"
        )
        {
            BreachCommand.Id,
            Decision,
            Reasons,
            Options.Etag,
        }.Runs(Decide),
        new Leaf("finish-notification", "Freeze the file for the CNIL", "breach finish-notification BREACH --complete")
        {
            BreachCommand.Id,
            Complete,
            Delay,
            Options.Etag,
        }.Runs(Finish),
        new Leaf(
            "record-receipt",
            "Record that it was filed at the CNIL",
            "breach record-receipt BREACH --receipt 2026-123456"
        )
        {
            BreachCommand.Id,
            Receipt,
            Filed,
            Delay,
            Options.Etag,
        }.Runs(RecordReceipt),
        new Leaf(
            "decide-persons",
            "Decide whether the persons are told (art. 34)",
            "breach decide-persons BREACH --decision tell --reasons 'the risk is high'"
        )
        {
            BreachCommand.Id,
            Communication,
            Reasons,
            Options.Etag,
        }.Runs(DecidePersons),
        new Leaf("tell-persons", "Write to the persons affected", Example("tell-persons"))
        {
            BreachCommand.Id,
            SummaryFr,
            SummaryEn,
            AdviceFr,
            AdviceEn,
            Options.Etag,
        }.Runs(TellPersons),
        new Leaf("tell-clients", "Write to the owners of the clients affected", Example("tell-clients"))
        {
            BreachCommand.Id,
            SummaryFr,
            SummaryEn,
            AdviceFr,
            AdviceEn,
            Options.Etag,
        }.Runs(TellClients),
    ];

    private static string Example(string verb) =>
        $"breach {verb} BREACH --summary-fr '...' --summary-en '...' --advice-fr '...' --advice-en '...'";

    private static async Task<int> Decide(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DecideNotificationRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Decision = run.Get(Decision),
            Reasons = run.Get(Reasons),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .DecideNotificationAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Finish(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new FinishNotificationRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Complete = run.Get(Complete),
            DelayReasons = run.Get(Delay) ?? "",
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .FinishNotificationAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> RecordReceipt(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new RecordNotificationReceiptRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            ReceiptNumber = run.Get(Receipt),
            SubmitTime = run.Get(Filed) ?? Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
            DelayReasons = run.Get(Delay) ?? "",
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .RecordNotificationReceiptAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> DecidePersons(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DecideCommunicationRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Communication = run.Get(Communication),
            Reasons = run.Get(Reasons),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .DecideCommunicationAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> TellPersons(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new TellPersonsRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            SummaryFr = run.Get(SummaryFr),
            SummaryEn = run.Get(SummaryEn),
            AdviceFr = run.Get(AdviceFr),
            AdviceEn = run.Get(AdviceEn),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .TellPersonsAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> TellClients(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new TellClientsRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            SummaryFr = run.Get(SummaryFr),
            SummaryEn = run.Get(SummaryEn),
            AdviceFr = run.Get(AdviceFr),
            AdviceEn = run.Get(AdviceEn),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .TellClientsAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }
}
