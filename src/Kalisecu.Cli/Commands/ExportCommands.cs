using System.CommandLine;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Copies of persons' data, and the links that open them once.</summary>
internal static class ExportCommands
{
    private static readonly Argument<string> Request = Options.Id("request", "Id of the privacy request");
    private static readonly Argument<string> Export = Options.Id("export", "Id of the export");
    private static readonly Option<string> Person = Options.Needed("--person", "PERSON", "Id of the person");

    private static readonly Option<ExportKind> Kind = Words
        .One<ExportKind>("--kind", "Everything held, or what the person provided")
        .Needed();

    private static readonly Option<ExportLanguage> Language = Words
        .One<ExportLanguage>("--language", "Language of its texts")
        .Needed();

    private static readonly Option<ExportFormat> Format = Words
        .One<ExportFormat>("--format", "JSON; HTML of access; CSV of portability")
        .Needed();

    private static readonly Option<string> Out = Options.Needed("--out", "FILE", "Where to write it");
    private static readonly Option<ExportFormat> LinkFormat = Words.One<ExportFormat>(
        "--link-format",
        "What the link in the letter opens [default: HTML of access, CSV of portability]"
    );

    private static readonly Option<bool> Post = new("--post")
    {
        Description = "Write it to the person instead of showing the token",
    };

    private static readonly Secrets Token = new("token");

    private static readonly Column<DataExport>[] Columns =
    [
        new("Export", e => e.ExportId),
        new("Person", e => e.PersonId),
        new("Kind", e => Words.Of(e.Kind)),
        new("Language", e => Words.Of(e.Language)),
        new("Records", e => Show.Number(e.RecordCount)),
        new("Bytes", e => Show.Number(e.SizeBytes)),
        new("Made", e => Show.Time(e.CreateTime)),
        new("Expires", e => Show.Time(e.ExpireTime)),
        new("Removed", e => Show.Time(e.RemoveTime)),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf(
            "export",
            "Make a copy of a person's data, and write a one-time link to it to the person",
            "privacy-requests export REQUEST --person PERSON --kind access --language fr"
        )
        {
            Request,
            Person,
            Kind,
            Language,
            LinkFormat,
        }.Runs(Create),
        new Leaf("exports", "List the copies made for a request", "privacy-requests exports REQUEST")
        {
            Request,
            Options.Limit,
        }.Runs(List),
        new Leaf(
            "export-link",
            "Make a link that opens a copy once; its token is shown now and never again, or goes to the person",
            "privacy-requests export-link EXPORT --format html"
        )
        {
            Export,
            Format,
            Post,
        }.Runs(Link),
        new Leaf(
            "fetch-export",
            "Save the copy that a link opens, which uses the link up",
            "privacy-requests fetch-export --token-file token.txt --out data.html"
        )
        {
            Token.File,
            Token.Stdin,
            Out,
        }.Runs(Fetch),
    ];

    private static async Task<int> Create(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CreateExportRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(Request),
            PersonId = run.Get(Person),
            Kind = run.Get(Kind),
            Language = run.Get(Language),
            LinkFormat = run.Get(LinkFormat),
        };
        var answer = await Client(connection).CreateExportAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Export, Columns);
        run.Output.Say(
            answer.Posted
                ? "A one-time link to it was written to the person."
                : "No e-mail address is known: send the copy by hand (export-link, fetch-export)."
        );
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        return await run.ListAsync(
            new ListExportsRequest { PrivacyRequestId = run.Get(Request) },
            Client(connection).ListExportsAsync,
            page => page.Exports,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Link(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CreateExportLinkRequest
        {
            RequestId = Changes.RequestId(),
            ExportId = run.Get(Export),
            Format = run.Get(Format),
            Post = run.Get(Post),
        };
        var answer = await Client(connection).CreateExportLinkAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(
            answer,
            [
                new Column<CreateExportLinkResponse>("Token", a => a.Token.Length > 0 ? a.Token : "in the letter"),
                new("Expires", a => Show.Time(a.ExpireTime)),
            ]
        );
        return ExitCodes.Ok;
    }

    private static async Task<int> Fetch(Invocation run, CancellationToken cancellationToken)
    {
        var token = await Token.ReadAsync(run, cancellationToken);
        using var connection = run.Connect();
        using var call = Client(connection)
            .FetchExport(new FetchExportRequest { Token = token }, cancellationToken: cancellationToken);
        var bytes = await Documents.SaveAsync(
            call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk),
            run.Get(Out),
            cancellationToken
        );
        run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {run.Get(Out)}.");
        return ExitCodes.Ok;
    }

    private static RightsService.RightsServiceClient Client(Connection connection) => new(connection.Invoker);
}
