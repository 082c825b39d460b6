using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Retention.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Legal holds: what is kept beyond its time, and why.</summary>
internal static class HoldCommands
{
    private static readonly Argument<string> Id = Options.Id("hold", "Id of the hold");
    private static readonly Option<bool> Released = new("--released") { Description = "Released ones too" };
    private static readonly Option<string?> Client = Options.Text(
        "--client",
        "TENANT",
        "The client whose data is held"
    );
    private static readonly Option<string?> Person = Options.Text("--person", "PERSON", "Only what is about a person");
    private static readonly Option<string?> Rule = Options.Text("--rule", "RULE", "Only what this rule ends");
    private static readonly Option<string?> Row = Options.Text("--row", "KEY", "Only this row of the rule");

    private static readonly Option<string?> Owner = Options.Text(
        "--owner",
        "STAFF",
        "Who answers for it [default: whoever is signed in]"
    );

    private static readonly Option<string> Article = Options.Needed(
        "--article",
        "ARTICLE",
        "The article that demands it, such as \"GDPR art. 17(3)(e)\""
    );

    private static readonly Option<string> Reference = Options.Needed(
        "--reference",
        "CASE",
        "The case, by its number and never by a name"
    );

    private static readonly Option<string> ReviewDate = Options.Needed(
        "--review-date",
        "DAY",
        "The day by which it must be reviewed, such as 2027-06-30"
    );

    private static readonly Column<LegalHold>[] Columns =
    [
        new("Hold", h => h.HoldId),
        new("Client", h => h.HeldTenantId),
        new("Person", h => h.PersonId),
        new("Rule", h => h.Rule),
        new("Row", h => h.RowKey),
        new("Article", h => h.Article),
        new("Case", h => h.Reference),
        new("Review by", h => h.ReviewLate ? h.ReviewDate + " LATE" : h.ReviewDate),
        new("Released", h => Show.Time(h.ReleaseTime)),
    ];

    private static readonly Column<LegalHold>[] Properties =
    [
        .. Columns,
        new("Owner", h => h.OwnerId),
        new("Placed", h => Show.Time(h.PlaceTime)),
        new("Reviewed", h => Show.Time(h.ReviewTime)),
    ];

    public static Command List() =>
        new Leaf("holds", "List legal holds, newest first", "retention holds --released")
        {
            Released,
            Options.Limit,
        }.Runs(
            (run, cancellationToken) =>
                WithClient(
                    run,
                    client =>
                        run.ListAsync(
                            new ListLegalHoldsRequest { Released = run.Get(Released) },
                            client.ListLegalHoldsAsync,
                            page => page.Holds,
                            Columns,
                            cancellationToken
                        )
                )
        );

    public static Command Place() =>
        new Leaf(
            "hold",
            "Place a legal hold: what it names is kept beyond its time",
            "retention hold --client TENANT --article \"GDPR art. 17(3)(e)\" --reference \"RG 26/0001\" --review-date 2027-06-30"
        )
        {
            Client,
            Person,
            Rule,
            Row,
            Owner,
            Article,
            Reference,
            ReviewDate,
        }.Runs(
            (run, cancellationToken) =>
                WithClient(
                    run,
                    async client =>
                    {
                        var request = new PlaceLegalHoldRequest
                        {
                            RequestId = Changes.RequestId(),
                            HeldTenantId = run.Get(Client) ?? "",
                            PersonId = run.Get(Person) ?? "",
                            Rule = run.Get(Rule) ?? "",
                            RowKey = run.Get(Row) ?? "",
                            OwnerId = run.Get(Owner) ?? "",
                            Article = run.Get(Article),
                            Reference = run.Get(Reference),
                            ReviewDate = run.Get(ReviewDate),
                        };
                        var answer = await client.PlaceLegalHoldAsync(request, cancellationToken: cancellationToken);
                        run.Output.Item(answer.Hold, Properties);
                        return ExitCodes.Ok;
                    }
                )
        );

    public static Command Review() =>
        new Leaf("review", "Keep a legal hold until the next review", "retention review HOLD --review-date 2027-12-31")
        {
            Id,
            ReviewDate,
        }.Runs(
            (run, cancellationToken) =>
                WithClient(
                    run,
                    async client =>
                    {
                        var request = new ReviewLegalHoldRequest
                        {
                            RequestId = Changes.RequestId(),
                            HoldId = run.Get(Id),
                            ReviewDate = run.Get(ReviewDate),
                        };
                        var answer = await client.ReviewLegalHoldAsync(request, cancellationToken: cancellationToken);
                        run.Output.Item(answer.Hold, Properties);
                        return ExitCodes.Ok;
                    }
                )
        );

    public static Command Release() =>
        new Leaf("release", "Release a legal hold: what it held goes when its time is over", "retention release HOLD")
        {
            Id,
        }.Runs(
            (run, cancellationToken) =>
                WithClient(
                    run,
                    async client =>
                    {
                        var request = new ReleaseLegalHoldRequest
                        {
                            RequestId = Changes.RequestId(),
                            HoldId = run.Get(Id),
                        };
                        var answer = await client.ReleaseLegalHoldAsync(request, cancellationToken: cancellationToken);
                        run.Output.Item(answer.Hold, Properties);
                        return ExitCodes.Ok;
                    }
                )
        );

    private static async Task<int> WithClient(
        Invocation run,
        Func<LegalHoldService.LegalHoldServiceClient, Task<int>> work
    )
    {
        using var connection = run.Connect();
        return await work(new LegalHoldService.LegalHoldServiceClient(connection.Invoker));
    }
}
