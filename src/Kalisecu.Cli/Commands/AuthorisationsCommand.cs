using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Signed permissions to test sites.</summary>
internal static class AuthorisationsCommand
{
    private static readonly Argument<string> Id = Options.Id("authorisation", "Id of the authorisation");
    private static readonly Argument<string> Document = Options.Id("file", "The signed document, PDF");
    private static readonly Option<string> Site = Options.Needed("--site", "SITE", "Id of the site");
    private static readonly Option<string> Signer = Options.Needed("--signer", "TEXT", "Name of who signed");
    private static readonly Option<string> Email = Options.Needed("--signer-email", "ADDRESS", "E-mail of who signed");

    private static readonly Option<string> Function = Options.Needed(
        "--signer-function",
        "TEXT",
        "Function of who signed"
    );

    private static readonly Option<string[]> Origins = Options.Texts(
        "--origin",
        "ORIGIN",
        "Origin that may be tested, once for each [default: that of the site]"
    );

    private static readonly Option<Timestamp?> Start = Options.Time("--start", "From when; now otherwise");
    private static readonly Option<Timestamp?> End = MakeEnd();
    private static readonly Option<string?> OfSite = Options.Text("--site", "SITE", "Only those of this site");

    private static readonly Option<AuthorisationState[]> States = Words.Many<AuthorisationState>(
        "--state",
        "Only those that are worth one of these now"
    );

    private static readonly Option<string> Out = Options.Needed("--out", "FILE", "Where to write the document");

    private static readonly Column<Authorisation>[] Columns =
    [
        new("Authorisation", a => a.AuthorisationId),
        new("Site", a => a.SiteId),
        new("Signer", a => $"{a.SignerName}, {a.SignerFunction}"),
        new("Origins", a => string.Join(", ", a.Origins)),
        new("From", a => Show.Time(a.StartTime)),
        new("Until", a => Show.Time(a.EndTime)),
        new("State", a => Words.Of(a.State)),
    ];

    private static readonly Column<Authorisation>[] Properties =
    [
        .. Columns,
        new("Signer's e-mail", a => a.SignerEmail),
        new("Document", a => $"{Show.Number(a.DocumentSizeBytes)} bytes, SHA-256 {Show.Hex(a.DocumentDigest)}"),
        new("Recorded", a => Show.Time(a.CreateTime)),
        new("Revoked", a => a.RevokeTime is null ? "" : $"{Show.Time(a.RevokeTime)}: {a.RevokeReason}"),
    ];

    public static Command Create() =>
        new("authorisations", "Signed permissions to test sites")
        {
            new Leaf(
                "upload",
                "Record an authorisation with its signed document",
                "authorisations upload signed.pdf --site SITE --signer 'Jeanne Martin' "
                    + "--signer-email jeanne@martin.example --signer-function Gérante --end 2027-06-30"
            )
            {
                Document,
                Site,
                Signer,
                Email,
                Function,
                Origins,
                Start,
                End,
            }.Runs(Upload),
            new Leaf("list", "List authorisations", "authorisations list --site SITE --state in-force")
            {
                OfSite,
                States,
                Options.Limit,
            }.Runs(List),
            new Leaf("get", "Show an authorisation", "authorisations get AUTHORISATION") { Id }.Runs(Get),
            new Leaf(
                "revoke",
                "Revoke an authorisation, which ends the scans that rest on it",
                "authorisations revoke AUTHORISATION --reason 'site sold'"
            )
            {
                Id,
                Options.Reason,
            }.Runs(Revoke),
            new Leaf("download", "Save the signed document", "authorisations download AUTHORISATION --out signed.pdf")
            {
                Id,
                Out,
            }.Runs(Download),
        };

    private static async Task<int> Upload(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var header = new AuthorisationHeader
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Site),
            SignerName = run.Get(Signer),
            SignerEmail = run.Get(Email),
            SignerFunction = run.Get(Function),
            Origins = { run.Get(Origins) },
            StartTime = run.Get(Start),
            EndTime = run.Get(End),
        };
        await using var document = File.OpenRead(run.Get(Document));
        var authorisation = await Documents.UploadAsync(Client(connection), header, document, cancellationToken);
        run.Output.Item(authorisation, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListAuthorisationsRequest { SiteId = run.Get(OfSite) ?? "", States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListAuthorisationsAsync,
            page => page.Authorisations,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetAuthorisationRequest { AuthorisationId = run.Get(Id) };
        var answer = await Client(connection).GetAuthorisationAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Authorisation, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Revoke(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RevokeAuthorisationRequest
        {
            RequestId = Changes.RequestId(),
            AuthorisationId = run.Get(Id),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).RevokeAuthorisationAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Authorisation, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Download(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new DownloadAuthorisationDocumentRequest { AuthorisationId = run.Get(Id) };
        using var call = Client(connection)
            .DownloadAuthorisationDocument(request, cancellationToken: cancellationToken);
        var bytes = await Documents.SaveAsync(
            call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk),
            run.Get(Out),
            cancellationToken
        );
        run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {run.Get(Out)}.");
        return ExitCodes.Ok;
    }

    private static Option<Timestamp?> MakeEnd()
    {
        var end = Options.Time("--end", "Until when");
        end.Required = true;
        return end;
    }

    private static AuthorisationService.AuthorisationServiceClient Client(Connection connection) =>
        new(connection.Invoker);
}
