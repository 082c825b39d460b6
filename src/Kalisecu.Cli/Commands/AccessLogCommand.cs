using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.AccessLog.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Who read and changed what.</summary>
internal static class AccessLogCommand
{
    // The whole log is read: minutes for a year of a busy platform.
    private static readonly TimeSpan VerifyWithin = TimeSpan.FromHours(1);

    private static readonly Option<bool> AllTenants = new("--all")
    {
        Description = "Of the whole platform, what belongs to no tenant too",
    };

    private static readonly Option<string?> Person = Options.Text("--person", "ID", "Only those of this person");
    private static readonly Option<string?> Method = Options.Text("--method", "METHOD", "Only calls of this method");
    private static readonly Option<string?> OnObject = Options.Text("--object", "ID", "Only those on this object");
    private static readonly Option<Timestamp?> Start = Options.Time("--from", "Only those from then on");
    private static readonly Option<Timestamp?> End = Options.Time("--to", "Only those before");

    private static readonly Option<AccessOutcome[]> Outcomes = Words.Many<AccessOutcome>(
        "--outcome",
        "Only those that ended so"
    );

    private static readonly Column<AccessEntry>[] Columns =
    [
        new("When", e => Show.Time(e.AccessTime)),
        new("Caller", e => $"{e.CallerKind}/{e.CallerName}".TrimEnd('/')),
        new("Person", e => e.PersonId.Length == 0 ? "" : $"{e.PersonId} ({e.Role})"),
        new("Method", e => e.Method),
        new("Tenant", e => e.TenantId),
        new("Object", e => string.Join(", ", e.Objects.Select(o => $"{o.Kind} {o.ObjectId}"))),
        new("Outcome", e => e.Reason.Length == 0 ? Words.Of(e.Outcome) : $"{Words.Of(e.Outcome)}: {e.Reason}"),
    ];

    public static Command Create() =>
        new("access-log", "Who read and changed what")
        {
            new Leaf("list", "List entries, newest first", "access-log list --outcome refused --from 2027-01-01")
            {
                AllTenants,
                Person,
                Method,
                OnObject,
                Outcomes,
                Start,
                End,
                Options.Limit,
            }.Runs(List),
            new Leaf("verify", "Look for removed, changed or moved entries", "access-log verify").Runs(Verify),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        var filter = new AccessFilter
        {
            PersonId = run.Get(Person) ?? "",
            Method = run.Get(Method) ?? "",
            ObjectId = run.Get(OnObject) ?? "",
            Outcomes = { run.Get(Outcomes) },
            StartTime = run.Get(Start),
            EndTime = run.Get(End),
        };
        if (run.Get(AllTenants))
        {
            using var platform = run.Connect();
            return await run.ListAsync(
                new ListAllAccessEntriesRequest { Filter = filter },
                Client(platform).ListAllAccessEntriesAsync,
                page => page.Entries,
                Columns,
                cancellationToken
            );
        }

        using var connection = await run.ConnectAsync(cancellationToken);
        return await run.ListAsync(
            new ListAccessEntriesRequest { Filter = filter },
            Client(connection).ListAccessEntriesAsync,
            page => page.Entries,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Verify(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var answer = await Client(connection)
            .VerifyAccessLogAsync(
                new VerifyAccessLogRequest(),
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime + VerifyWithin,
                cancellationToken: cancellationToken
            );
        run.Output.Item(
            answer,
            new("Entries", a => Show.Number(a.EntryCount)),
            new("Chains", a => Show.Number(a.WriterCount)),
            new("Breaks", a => a.Breaks.Count == 0 ? "none: the log is whole" : Show.Number((ulong)a.Breaks.Count))
        );
        if (answer.Breaks.Count > 0 && !run.Output.IsJson)
        {
            run.Output.Rows(
                answer.Breaks,
                new("Writer", b => b.WriterId),
                new("Entry", b => Show.Number(b.Sequence), IsNumber: true),
                new("What is wrong", b => Words.Of(b.Kind))
            );
        }

        return answer.Breaks.Count == 0 ? ExitCodes.Ok : ExitCodes.Refused;
    }

    private static AccessLogService.AccessLogServiceClient Client(Connection connection) => new(connection.Invoker);
}
