using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Deliveries.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Letters that leave by e-mail.</summary>
internal static class LettersCommand
{
    private static readonly Argument<string> Id = Options.Id("letter", "Id of the letter");
    private static readonly Option<string?> Kind = Options.Text("--kind", "KIND", "Only letters of this kind");
    private static readonly Option<string?> Person = Options.Text("--person", "PERSON", "Only those about this person");
    private static readonly Option<string?> Cause = Options.Text("--cause", "ID", "Only those with this cause");
    private static readonly Option<string> BounceReason = Options.Needed("--reason", "TEXT", "Why it came back");
    private static readonly Option<string?> Content = Options.Text(
        "--content-reason",
        "TEXT",
        "Show address and text too, and why, for the evidence"
    );

    private static readonly Option<LetterState[]> States = Words.Many<LetterState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Letter>[] Columns =
    [
        new("Letter", l => l.LetterId),
        new("Kind", l => l.Kind),
        new("State", l => Words.Of(l.State)),
        new("Why", l => l.StateReason),
        new("Written", l => Show.Time(l.CreateTime)),
        new("Sent", l => Show.Time(l.SendTime)),
        new("Attempts", l => $"{l.AttemptCount}", IsNumber: true),
    ];

    private static readonly Column<Letter>[] Properties =
    [
        .. Columns,
        new("Nature", l => Words.Of(l.Nature)),
        new("Tenant", l => l.TenantId),
        new("Person", l => l.PersonId),
        new("Language", l => l.Language),
        new("Cause", l => $"{l.CauseType} {l.CauseId}"),
        new("Next", l => l.State is LetterState.Queued ? Show.Time(l.NextTime) : ""),
        new("Came back", l => Show.Time(l.BounceTime)),
    ];

    public static Command Create() =>
        new("letters", "Letters that leave by e-mail")
        {
            new Leaf("list", "List letters, newest first", "letters list --state dead")
            {
                States,
                Kind,
                Person,
                Cause,
                Options.Limit,
            }.Runs(List),
            new Leaf("show", "Show a letter", "letters show LETTER --content-reason 'the client asks what we wrote'")
            {
                Id,
                Content,
            }.Runs(ShowLetter),
            new Leaf("retry", "Send a dead letter again", "letters retry LETTER") { Id }.Runs(Retry),
            new Leaf("bounced", "Mark that a letter came back", "letters bounced LETTER --reason 'mailbox unknown'")
            {
                Id,
                BounceReason,
            }.Runs(Bounced),
        };

    private static Task<int> List(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            client =>
                run.ListAsync(
                    new ListLettersRequest
                    {
                        States = { run.Get(States) },
                        Kind = run.Get(Kind) ?? "",
                        PersonId = run.Get(Person) ?? "",
                        CauseId = run.Get(Cause) ?? "",
                    },
                    client.ListLettersAsync,
                    page => page.Letters,
                    Columns,
                    cancellationToken
                )
        );

    private static Task<int> ShowLetter(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new GetLetterRequest { LetterId = run.Get(Id), Reason = run.Get(Content) ?? "" };
                var answer = await client.GetLetterAsync(request, cancellationToken: cancellationToken);
                if (run.Output.IsJson)
                {
                    run.Output.Line(answer);
                    return ExitCodes.Ok;
                }

                run.Output.Item(answer.Letter, Properties);
                if (answer.Content is { } content)
                {
                    run.Output.Say("");
                    run.Output.Say(
                        Show.Safe($"{content.Recipient}\n{content.Subject}\n\n{content.Text}", keepLines: true)
                    );
                }

                return ExitCodes.Ok;
            }
        );

    private static Task<int> Retry(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new RetryLetterRequest { RequestId = Changes.RequestId(), LetterId = run.Get(Id) };
                var answer = await client.RetryLetterAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Letter, Properties);
                return ExitCodes.Ok;
            }
        );

    private static Task<int> Bounced(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new MarkBouncedRequest
                {
                    RequestId = Changes.RequestId(),
                    LetterId = run.Get(Id),
                    Reason = run.Get(BounceReason),
                };
                var answer = await client.MarkBouncedAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Letter, Properties);
                return ExitCodes.Ok;
            }
        );

    private static async Task<int> WithClient(
        Invocation run,
        Func<DeliveryService.DeliveryServiceClient, Task<int>> work
    )
    {
        using var connection = run.Connect();
        return await work(new DeliveryService.DeliveryServiceClient(connection.Invoker));
    }
}
