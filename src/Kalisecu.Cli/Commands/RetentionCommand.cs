using System.CommandLine;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Retention.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Until when data is kept, what goes next, and what went.</summary>
internal static class RetentionCommand
{
    private static readonly Option<int> Days = new("--days")
    {
        Description = "How many days ahead [default: 30]",
        HelpName = "DAYS",
    };

    private static readonly Option<string?> Rule = Options.Text("--rule", "RULE", "Only certificates of this rule");

    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "FILE",
        "Where to write it [default: the name that the server proposes, in this folder]"
    );

    private static readonly Column<RetentionRule>[] RuleColumns =
    [
        new("Rule", r => r.Name),
        new("Version", r => Show.Number((ulong)r.Version), IsNumber: true),
        new("Clause", r => r.Clause),
        new("Period", r => r.Period),
        new("From", r => r.StartingEvent),
        new("Action", r => Words.Of(r.Action)),
        new("Tables", r => string.Join(", ", r.Tables)),
    ];

    private static readonly Column<RetentionSweep>[] SweepColumns =
    [
        new("Sweep", s => s.SweepId),
        new("Rule", s => s.Rule),
        new("Clause", s => s.Clause),
        new("Client", s => s.OfTenantId),
        new("Rows", s => Show.Number((ulong)s.RowCount), IsNumber: true),
        new("Objects", s => Show.Number((ulong)s.ObjectCount), IsNumber: true),
        new("Certified", s => Show.Time(s.EndTime)),
        new("Digest", s => Show.Hex(s.Digest)),
    ];

    private static readonly Column<RetentionOutlook>[] OutlookColumns =
    [
        new("Rule", o => o.Rule),
        new("Clause", o => o.Clause),
        new("Count", o => Show.Number((ulong)o.Count), IsNumber: true),
        new("Counted by the sweep", o => Show.Time(o.CountTime)),
    ];

    private static readonly Column<ClientRetention>[] ClientColumns =
    [
        new("Client", c => c.TenantId),
        new("Ended", c => Show.Time(c.CloseTime)),
        new("Goes on", c => c.DeleteDate),
        new("Held", c => Show.YesNo(c.Held)),
        new("Archive", c => c.Archive is null ? "" : Words.Of(c.Archive.State)),
    ];

    private static readonly Column<ClientRetention>[] ClientProperties =
    [
        .. ClientColumns,
        new("Last day", c => c.LastDate),
        new("Reports", c => Show.Number((ulong)c.ReportCount), IsNumber: true),
        new("Findings", c => Show.Number((ulong)c.FindingCount), IsNumber: true),
    ];

    public static Command Create() =>
        new("retention", "Until when data is kept, what goes next, and what went")
        {
            new Leaf("rules", "List the rules: what ends, when and how", "retention rules") { Options.Limit }.Runs(
                Rules
            ),
            new Leaf("preview", "What goes within some days, by rule and client", "retention preview --days 60")
            {
                Days,
            }.Runs(Preview),
            new Leaf("sweeps", "List the certificates of what was deleted", "retention sweeps --rule sessions")
            {
                Rule,
                Options.Limit,
            }.Runs(Sweeps),
            new Leaf("client", "When the data of the chosen client goes", "retention client").Runs(Client),
            new Leaf("archive", "Save the archive of the chosen client", "retention archive --out client.jsonl.gz")
            {
                Out,
            }.Runs(Archive),
            HoldCommands.List(),
            HoldCommands.Place(),
            HoldCommands.Review(),
            HoldCommands.Release(),
        };

    private static Task<int> Rules(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            client =>
                run.ListAsync(
                    new ListRetentionRulesRequest(),
                    client.ListRetentionRulesAsync,
                    page => page.Rules,
                    RuleColumns,
                    cancellationToken
                )
        );

    private static Task<int> Sweeps(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            client =>
                run.ListAsync(
                    new ListRetentionSweepsRequest { Rule = run.Get(Rule) ?? "" },
                    client.ListRetentionSweepsAsync,
                    page => page.Sweeps,
                    SweepColumns,
                    cancellationToken
                )
        );

    private static Task<int> Preview(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new PreviewRetentionRequest { Days = run.Get(Days) };
                var answer = await client.PreviewRetentionAsync(request, cancellationToken: cancellationToken);
                if (run.Output.IsJson)
                {
                    run.Output.Line(answer);
                    return ExitCodes.Ok;
                }

                run.Output.Rows(answer.Outlooks, OutlookColumns);
                if (answer.UncountedRules.Count > 0)
                {
                    run.Output.Say(
                        $"Only the retention worker may count these rows, and it has not swept yet: {string.Join(", ", answer.UncountedRules)}."
                    );
                }

                if (answer.Clients.Count > 0)
                {
                    run.Output.Rows(answer.Clients, ClientColumns);
                }

                return ExitCodes.Ok;
            }
        );

    private static Task<int> Client(Invocation run, CancellationToken cancellationToken) =>
        OfClient(
            run,
            async client =>
            {
                var answer = await client.GetClientRetentionAsync(
                    new GetClientRetentionRequest(),
                    cancellationToken: cancellationToken
                );
                run.Output.Item(answer.Retention, ClientProperties);
                return ExitCodes.Ok;
            },
            cancellationToken
        );

    private static Task<int> Archive(Invocation run, CancellationToken cancellationToken) =>
        OfClient(
            run,
            async client =>
            {
                using var call = client.DownloadArchive(
                    new DownloadArchiveRequest(),
                    cancellationToken: cancellationToken
                );
                if (!await call.ResponseStream.MoveNext(cancellationToken))
                {
                    return ExitCodes.Internal;
                }

                var first = call.ResponseStream.Current;
                var file = run.Get(Out) ?? Path.GetFileName(first.FileName);
                var rest = call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk);
                var bytes = await Documents.SaveAsync(rest.Prepend(first.Chunk), file, cancellationToken);
                run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {file}.");
                return ExitCodes.Ok;
            },
            cancellationToken
        );

    private static async Task<int> WithClient(
        Invocation run,
        Func<RetentionService.RetentionServiceClient, Task<int>> work
    )
    {
        using var connection = run.Connect();
        return await work(new RetentionService.RetentionServiceClient(connection.Invoker));
    }

    private static async Task<int> OfClient(
        Invocation run,
        Func<RetentionService.RetentionServiceClient, Task<int>> work,
        CancellationToken cancellationToken
    )
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        return await work(new RetentionService.RetentionServiceClient(connection.Invoker));
    }
}
