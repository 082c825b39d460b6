using System.CommandLine;
using Kalisecu.Breaches.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Lists, files, letters and the register.</summary>
internal static class BreachReading
{
    private static readonly Option<BreachState[]> States = Words.Many<BreachState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Option<bool> Drills = new("--drills") { Description = "Exercises instead of breaches" };

    private static readonly Option<int> Number = new("--number")
    {
        Description = "Number of a finished notification [default: what the next one would be]",
        HelpName = "N",
    };

    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "FILE",
        "Where to write it [default: standard output]"
    );

    private static readonly Option<bool> AsJson = new("--as-json") { Description = "JSON instead of a page to read" };

    private static readonly Option<BreachAudience> Audience = Words.One<BreachAudience>("--audience", "Only to these");

    private static readonly Option<BreachAudience> To = Words
        .One<BreachAudience>("--to", "To whom it would go")
        .Needed();
    private static readonly Option<bool> English = new("--english") { Description = "In English instead of French" };
    private static readonly Option<string> Summary = Options.Needed("--summary", "TEXT", "What happened");
    private static readonly Option<string> Advice = Options.Needed("--advice", "TEXT", "What can be done");

    private static readonly Option<BreachRegisterFormat> Format = Words
        .One<BreachRegisterFormat>("--format", "In which format")
        .Needed();

    private static readonly Column<BreachRecipient>[] Recipients =
    [
        new("Audience", r => Words.Of(r.Audience)),
        new("Tenant", r => r.TenantId),
        new("Person", r => r.PersonId),
        new("Kind", r => r.PersonKind),
        new("Letter", r => r.LetterId),
        new("Written", r => Show.Time(r.PostTime)),
        new("Unreachable", r => r.UnreachableReason),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf("list", "List breaches, the newest first", "breach list --state aware")
        {
            States,
            Drills,
            Options.Limit,
        }.Runs(List),
        new Leaf("show", "Show a breach", "breach show BREACH") { BreachCommand.Id }.Runs(ShowOne),
        new Leaf(
            "file",
            "Write out the file for the CNIL, and what is missing in it",
            "breach file BREACH --out notification.html"
        )
        {
            BreachCommand.Id,
            Number,
            AsJson,
            Out,
        }.Runs(WriteFile),
        new Leaf(
            "preview",
            "Show a letter as it would go",
            "breach preview BREACH --to person --summary '...' --advice '...'"
        )
        {
            BreachCommand.Id,
            To,
            English,
            Summary,
            Advice,
        }.Runs(Preview),
        new Leaf("recipients", "List who is written to", "breach recipients BREACH --audience client")
        {
            BreachCommand.Id,
            Audience,
            Options.Limit,
        }.Runs(ListRecipients),
        new Leaf("register", "Write out the register of art. 33(5)", "breach register --format csv --out breaches.csv")
        {
            Format,
            Drills,
            Out,
        }.Runs(Register),
    ];

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListBreachesRequest { States = { run.Get(States) }, Drills = run.Get(Drills) },
            BreachCommand.Client(connection).ListBreachesAsync,
            page => page.Breaches,
            BreachCommand.Columns,
            cancellationToken
        );
    }

    private static async Task<int> ShowOne(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetBreachRequest { BreachId = run.Get(BreachCommand.Id) };
        var answer = await BreachCommand
            .Client(connection)
            .GetBreachAsync(request, cancellationToken: cancellationToken);
        return BreachCommand.Print(run, answer.Breach);
    }

    private static async Task<int> WriteFile(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetNotificationFileRequest { BreachId = run.Get(BreachCommand.Id), Number = run.Get(Number) };
        var answer = await BreachCommand
            .Client(connection)
            .GetNotificationFileAsync(request, cancellationToken: cancellationToken);
        await WriteAsync(run, run.Get(AsJson) ? answer.Json : answer.Html, cancellationToken);
        run.Output.Say(
            answer.MissingFields.Count == 0
                ? "Nothing is missing."
                : $"Missing: {string.Join(", ", answer.MissingFields)}."
        );
        return ExitCodes.Ok;
    }

    private static async Task<int> Preview(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new PreviewBreachLetterRequest
        {
            BreachId = run.Get(BreachCommand.Id),
            Audience = run.Get(To),
            English = run.Get(English),
            Summary = run.Get(Summary),
            Advice = run.Get(Advice),
        };
        var answer = await BreachCommand
            .Client(connection)
            .PreviewBreachLetterAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(
            answer,
            new Column<PreviewBreachLetterResponse>("Subject", a => a.Subject),
            new Column<PreviewBreachLetterResponse>("Text", a => a.Text)
        );
        return ExitCodes.Ok;
    }

    private static async Task<int> ListRecipients(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListBreachRecipientsRequest { BreachId = run.Get(BreachCommand.Id), Audience = run.Get(Audience) },
            BreachCommand.Client(connection).ListBreachRecipientsAsync,
            page => page.Recipients,
            Recipients,
            cancellationToken
        );
    }

    private static async Task<int> Register(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ExportBreachRegisterRequest { Format = run.Get(Format), Drills = run.Get(Drills) };
        var answer = await BreachCommand
            .Client(connection)
            .ExportBreachRegisterAsync(request, cancellationToken: cancellationToken);
        await WriteAsync(run, answer.Document, cancellationToken);
        return ExitCodes.Ok;
    }

    private static async Task WriteAsync(Invocation run, string document, CancellationToken cancellationToken)
    {
        if (run.Get(Out) is { } file)
        {
            await File.WriteAllTextAsync(file, document, cancellationToken);
            run.Output.Say($"Written to {file}.");
        }
        else
        {
            run.Output.Raw(document);
        }
    }
}
