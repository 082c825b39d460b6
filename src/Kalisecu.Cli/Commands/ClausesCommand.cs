using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Compliance.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The promises of the policy, and what their checks said over time.</summary>
internal static class ClausesCommand
{
    private static readonly Option<string?> OfClause = Options.Text("--clause", "ID", "Only those of this clause");

    private static readonly Option<ClauseState[]> States = Words.Many<ClauseState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Clause>[] Columns =
    [
        new("Clause", c => c.ClauseId),
        new("Promise", c => c.TextEn),
        new("Kept by", c => string.Join(", ", c.KeptBy)),
    ];

    private static readonly Column<ClauseResult>[] ResultColumns =
    [
        new("Clause", r => r.ClauseId),
        new("Check", r => r.Check),
        new("State", r => Words.Of(r.State)),
        new("Since", r => Show.Time(r.StartTime)),
        new("Until", r => Show.Time(r.CheckTime)),
        new("Evidence", r => r.Evidence),
    ];

    public static Command Create() =>
        new("clauses", "The promises of the policy")
        {
            new Leaf("list", "List the clauses", "clauses list") { Options.Limit }.Runs(List),
            new Leaf("results", "List what the checks said, newest first", "clauses results --clause SEC-3")
            {
                OfClause,
                States,
                Options.Limit,
            }.Runs(Results),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListClausesRequest(),
            Client(connection).ListClausesAsync,
            page => page.Clauses,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Results(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListClauseResultsRequest { Clause = run.Get(OfClause) ?? "", States = { run.Get(States) } },
            Client(connection).ListClauseResultsAsync,
            page => page.Results,
            ResultColumns,
            cancellationToken
        );
    }

    private static ComplianceService.ComplianceServiceClient Client(Connection connection) => new(connection.Invoker);
}
