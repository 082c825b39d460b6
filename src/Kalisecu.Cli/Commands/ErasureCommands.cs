using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Erasures: planned, read, approved; a worker carries them out.</summary>
internal static class ErasureCommands
{
    private static readonly Argument<string> Request = Options.Id("request", "Id of the privacy request");
    private static readonly Argument<string> Id = Options.Id("erasure", "Id of the erasure");
    private static readonly Option<string> Person = Options.Needed("--person", "PERSON", "Id of the person");
    private static readonly Option<string> PlanEtag = Options.Needed(
        "--etag",
        "ETAG",
        "Etag of the plan that you read"
    );
    private static readonly Option<string?> OfRequest = Options.Text(
        "--request",
        "REQUEST",
        "Only those of this request"
    );

    private static readonly Column<Erasure>[] Columns =
    [
        new("Erasure", e => e.ErasureId),
        new("Person", e => e.PersonId),
        new("State", e => Words.Of(e.State)),
        new("Planned", e => Show.Time(e.PlanTime)),
        new("Completed", e => Show.Time(e.CompleteTime)),
        new("Attempts", e => Show.Number(e.AttemptCount)),
        new("Failed store", e => e.FailedStore),
    ];

    private static readonly Column<Erasure>[] Properties =
    [
        .. Columns,
        new(
            "Plan",
            e => string.Join("\n", e.Steps.Select(s => $"{s.Store}: {s.PlannedCount} go{Kept(s.PlannedKept)}"))
        ),
        new(
            "Receipts",
            e =>
                string.Join(
                    "\n",
                    e.Steps.Where(s => s.CompleteTime is not null)
                        .Select(s => $"{s.Store}: {s.ErasedCount} gone{Kept(s.Kept)}, {Show.Time(s.CompleteTime)}")
                )
        ),
        new("Approved", e => Show.Time(e.ApproveTime)),
        new("Next attempt", e => Show.Time(e.NextTime)),
        new("Etag", e => e.Etag),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf(
            "plan-erasure",
            "Plan what an erasure would erase and keep",
            "privacy-requests plan-erasure REQUEST --person PERSON"
        )
        {
            Request,
            Person,
        }.Runs(Plan),
        new Leaf("erasure", "Show an erasure with its plan and receipts", "privacy-requests erasure ERASURE")
        {
            Id,
        }.Runs(Get),
        new Leaf("erasures", "List erasures", "privacy-requests erasures --request REQUEST")
        {
            OfRequest,
            Options.Limit,
        }.Runs(List),
        new Leaf(
            "approve-erasure",
            "Approve the plan that you read; it is then carried out",
            "privacy-requests approve-erasure ERASURE --etag ETAG"
        )
        {
            Id,
            PlanEtag,
        }.Runs(Approve),
        new Leaf("cancel-erasure", "Give up a plan", "privacy-requests cancel-erasure ERASURE")
        {
            Id,
            Options.Etag,
        }.Runs(Cancel),
    ];

    private static async Task<int> Plan(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new PlanErasureRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(Request),
            PersonId = run.Get(Person),
        };
        var answer = await Client(connection).PlanErasureAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Erasure, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetErasureRequest { ErasureId = run.Get(Id) };
        var answer = await Client(connection).GetErasureAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Erasure, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        return await run.ListAsync(
            new ListErasuresRequest { PrivacyRequestId = run.Get(OfRequest) ?? "" },
            Client(connection).ListErasuresAsync,
            page => page.Erasures,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Approve(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ApproveErasureRequest
        {
            RequestId = Changes.RequestId(),
            ErasureId = run.Get(Id),
            PlanEtag = run.Get(PlanEtag),
        };
        var answer = await Client(connection).ApproveErasureAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Erasure, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Cancel(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CancelErasureRequest
        {
            RequestId = Changes.RequestId(),
            ErasureId = run.Get(Id),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).CancelErasureAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Erasure, Properties);
        return ExitCodes.Ok;
    }

    private static string Kept(IEnumerable<KeptData> kept) =>
        string.Concat(
            kept.Select(k =>
                $", {k.Count} stay under {k.Exception}{(k.UntilDate.Length > 0 ? $" until {k.UntilDate}" : "")}"
            )
        );

    private static RightsService.RightsServiceClient Client(Connection connection) => new(connection.Invoker);
}
