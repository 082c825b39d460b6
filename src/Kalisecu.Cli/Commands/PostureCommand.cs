using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Compliance.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Whether the promises of the policy hold.</summary>
internal static class PostureCommand
{
    private static readonly Option<bool> Last = new("--last")
    {
        Description = "What the checks said at their last run, without looking now",
    };

    private static readonly Option<bool> BrokenOnly = new("--broken") { Description = "Only clauses that are broken" };

    private static readonly Column<Row>[] Columns =
    [
        new("Clause", r => r.Clause),
        new("State", r => r.State),
        new("Check", r => r.Check),
        new("Evidence", r => r.Evidence),
    ];

    public static Command Create() =>
        new Leaf("posture", "Check every clause of the policy; exit code 1 when one is broken", "posture")
        {
            Last,
            BrokenOnly,
        }.Runs(Run);

    /// <summary>One line: how many clauses hold, are unproven, are broken.</summary>
    public static string Summary(Posture posture) =>
        $"Clauses of the policy: {posture.HoldsCount} hold, {posture.UnprovenCount} unproven, {posture.BrokenCount} broken.";

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var client = new ComplianceService.ComplianceServiceClient(connection.Invoker);
        var posture = run.Get(Last)
            ? (await client.GetPostureAsync(new GetPostureRequest(), cancellationToken: cancellationToken)).Posture
            : (
                await client.CheckPostureAsync(
                    new CheckPostureRequest { RequestId = Changes.RequestId() },
                    cancellationToken: cancellationToken
                )
            ).Posture;
        var clauses = posture.Clauses.Where(c => !run.Get(BrokenOnly) || c.State is ClauseState.Broken).ToList();
        if (run.Output.IsJson)
        {
            clauses.ForEach(run.Output.Line);
        }
        else
        {
            run.Output.Rows(clauses.SelectMany(Rows), Columns);
            run.Output.Say(Summary(posture));
        }

        return posture.BrokenCount == 0 ? ExitCodes.Ok : ExitCodes.Refused;
    }

    /// <summary>The clause's own state in its first line, and each check with what it saw.</summary>
    private static IEnumerable<Row> Rows(ClauseStatus status)
    {
        if (status.Results.Count == 0)
        {
            return [new Row(status.Clause.ClauseId, Words.Of(status.State), "", "No check has looked yet.")];
        }

        return status.Results.Select(
            (result, index) =>
                new Row(
                    index == 0 ? status.Clause.ClauseId : "",
                    status.Results.Count == 1 ? Words.Of(status.State)
                        : index == 0 ? $"{Words.Of(status.State)} ({Words.Of(result.State)})"
                        : $"({Words.Of(result.State)})",
                    result.Check,
                    result.Evidence
                )
        );
    }

    private sealed record Row(string Clause, string State, string Check, string Evidence);
}
