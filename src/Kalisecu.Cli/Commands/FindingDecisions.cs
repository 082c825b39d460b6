using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>A person's decision whether a finding counts.</summary>
internal static class FindingDecisions
{
    private static readonly Argument<string> Id = Options.Id("finding", "Id of the finding");

    private static readonly Option<DismissalKind> Kind = Words
        .One<DismissalKind>("--kind", "What kind of decision")
        .Needed();

    private static readonly Option<string> Justification = Options.Needed("--why", "TEXT", "Why, 10 letters or more");
    private static readonly Option<string?> Reason = Options.Text("--why", "TEXT", "Why");
    private static readonly Option<Timestamp?> Expires = Options.Time("--until", "When it ends by itself");

    public static Command Dismiss() =>
        new Leaf(
            "dismiss",
            "Decide that a finding does not count",
            "findings dismiss FINDING --kind false-positive --why 'the header is set by the proxy'"
        )
        {
            Id,
            Kind,
            Justification,
            Expires,
            Options.Etag,
        }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new DismissFindingRequest
                {
                    RequestId = Changes.RequestId(),
                    FindingId = run.Get(Id),
                    Kind = run.Get(Kind),
                    Justification = run.Get(Justification),
                    ExpireTime = run.Get(Expires),
                    Etag = run.Get(Options.Etag) ?? "",
                };
                var answer = await Client(connection)
                    .DismissFindingAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Finding, FindingsCommand.Properties);
                return ExitCodes.Ok;
            }
        );

    public static Command Restore() =>
        new Leaf("restore", "Decide that a dismissed finding counts again", "findings restore FINDING")
        {
            Id,
            Reason,
            Options.Etag,
        }.Runs(
            async (run, cancellationToken) =>
            {
                using var connection = await run.ConnectAsync(cancellationToken);
                var request = new RestoreFindingRequest
                {
                    RequestId = Changes.RequestId(),
                    FindingId = run.Get(Id),
                    Reason = run.Get(Reason) ?? "",
                    Etag = run.Get(Options.Etag) ?? "",
                };
                var answer = await Client(connection)
                    .RestoreFindingAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Finding, FindingsCommand.Properties);
                return ExitCodes.Ok;
            }
        );

    private static FindingService.FindingServiceClient Client(Connection connection) => new(connection.Invoker);
}
