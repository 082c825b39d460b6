using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Breaches.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>What happened, since when we know, what it concerns, who is affected, and the end.</summary>
internal static class BreachSteps
{
    private static readonly Option<string> Facts = Options.Needed("--facts", "TEXT", "What happened; names nobody");
    private static readonly Option<string?> Circumstances = Options.Text(
        "--circumstances",
        "TEXT",
        "How it was discovered"
    );
    private static readonly Option<Timestamp?> Occurred = Options.Time("--occurred", "When it began");
    private static readonly Option<Timestamp?> Ended = Options.Time("--ended", "When it ended");
    private static readonly Option<Timestamp?> Detected = Needed(
        Options.Time("--detected", "When somebody first saw a sign of it")
    );
    private static readonly Option<Timestamp?> Since = Needed(Options.Time("--since", "Since when we are aware"));
    private static readonly Option<string> Grounds = Options.Needed("--grounds", "TEXT", "On which facts");
    private static readonly Option<string> Lessons = Options.Needed(
        "--lessons",
        "TEXT",
        "What is done differently since, or why it is no breach"
    );
    private static readonly Option<string[]> Stores = Options.Texts(
        "--store",
        "NAME",
        "Store concerned, such as members"
    );
    private static readonly Option<string[]> Tenants = Options.Texts(
        "--of-tenant",
        "TENANT",
        "Only this tenant, once for each [default: all]"
    );
    private static readonly Option<string> Assessment = Options.Needed(
        "--file",
        "FILE",
        "Assessment as JSON (docs/breaches.md shows one)"
    );

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf(
            "declare",
            "Record what may be a breach",
            "breach declare --facts 'A report was sent to another client' --detected 2026-11-24T08:00:00Z"
        )
        {
            Facts,
            Circumstances,
            Occurred,
            Ended,
            Detected,
        }.Runs(Declare),
        new Leaf(
            "aware",
            "Decide that we are aware of it: the 72 hours run",
            "breach aware BREACH --since 2026-11-24T09:30:00Z --grounds 'the recipient confirmed it'"
        )
        {
            BreachCommand.Id,
            Since,
            Grounds,
            Options.Etag,
        }.Runs(Aware),
        new Leaf("assess", "Record what it concerns and how grave it is", "breach assess BREACH --file assessment.json")
        {
            BreachCommand.Id,
            Assessment,
            Occurred,
            Ended,
            Options.Etag,
        }.Runs(Assess),
        new Leaf(
            "find-affected",
            "Find from the data who is affected",
            "breach find-affected BREACH --store members --store sessions"
        )
        {
            BreachCommand.Id,
            Stores,
            Tenants,
            Options.Etag,
        }.Runs(Find),
        new Leaf("acknowledge", "Say that somebody works on it", "breach acknowledge BREACH") { BreachCommand.Id }.Runs(
            Acknowledge
        ),
        new Leaf(
            "close",
            "Close it, or dismiss what is none",
            "breach close BREACH --lessons 'addresses are checked twice'"
        )
        {
            BreachCommand.Id,
            Lessons,
            Options.Etag,
        }.Runs(Close),
    ];

    private static async Task<int> Declare(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DeclareBreachRequest
        {
            RequestId = Changes.RequestId(),
            Facts = run.Get(Facts),
            Circumstances = run.Get(Circumstances) ?? "",
            OccurTime = run.Get(Occurred),
            EndTime = run.Get(Ended),
            DetectTime = run.Get(Detected),
        };
        var answer = await BreachCommand
            .Client(connection)
            .DeclareBreachAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Aware(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new RecordAwarenessRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            AwareTime = run.Get(Since),
            Grounds = run.Get(Grounds),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .RecordAwarenessAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Assess(Invocation run, CancellationToken cancellationToken)
    {
        var assessment = BreachAssessment.Parser.ParseJson(
            await File.ReadAllTextAsync(run.Get(Assessment), cancellationToken)
        );
        using var connection = run.Connect();
        var request = new AssessBreachRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Assessment = assessment,
            OccurTime = run.Get(Occurred),
            EndTime = run.Get(Ended),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .AssessBreachAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Find(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new FindAffectedRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Stores = { run.Get(Stores) },
            TenantIds = { run.Get(Tenants) },
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .FindAffectedAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Acknowledge(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new AcknowledgeBreachAlarmRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
        };
        var answer = await BreachCommand
            .Client(connection)
            .AcknowledgeBreachAlarmAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> Close(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new CloseBreachRequest
        {
            RequestId = Changes.RequestId(),
            BreachId = run.Get(BreachCommand.Id),
            Lessons = run.Get(Lessons),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await BreachCommand
            .Client(connection)
            .CloseBreachAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static Option<Timestamp?> Needed(Option<Timestamp?> option)
    {
        option.Required = true;
        return option;
    }
}
