using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>What comes in: requests, their originals, whom they are about; and reading them.</summary>
internal static class PrivacyRequestIntake
{
    private static readonly Option<Right[]> Rights = Words.Many<Right>(
        "--right",
        "Right that is asked for, once for each"
    );

    private static readonly Option<RequestChannel> Channel = Words
        .One("--channel", "How it came", RequestChannel.Email, RequestChannel.Paper)
        .Needed();

    private static readonly Option<string> Received = Options.Needed(
        "--received",
        "DATE",
        "Day on which it reached us, such as 2026-01-31"
    );

    private static readonly Option<string?> Email = Options.Text("--email", "ADDRESS", "E-mail address of the person");
    private static readonly Option<string?> Name = Options.Text("--name", "TEXT", "Name as given");
    private static readonly Option<string?> Address = Options.Text("--address", "TEXT", "Address on paper");
    private static readonly Option<string?> Details = Options.Text(
        "--details",
        "TEXT",
        "What is asked, in their words"
    );

    private static readonly Option<RequestLanguage> Language = Words.One<RequestLanguage>(
        "--language",
        "Language of the letters [default: fr]"
    );

    private static readonly Option<string?> File = Options.Text("--file", "FILE", "Original to attach");
    private static readonly Argument<string> Document = Options.Id("file", "PDF, e-mail, plain text, PNG or JPEG");
    private static readonly Argument<string> Original = Options.Id("original", "Id of the original");
    private static readonly Argument<string> Person = Options.Id("person", "Id of the person");
    private static readonly Option<string> Out = Options.Needed("--out", "FILE", "Where to write the original");

    private static readonly Option<bool> Everywhere = new("--everywhere")
    {
        Description = "Also about data in other tenants; a code is sent to your address first",
    };

    private static readonly Option<PrivacyRequestState[]> States = Words.Many<PrivacyRequestState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Option<string?> DueBy = Options.Text("--due-by", "DATE", "Only those due by this day");
    private static readonly Option<bool> Overdue = new("--overdue") { Description = "Only open ones that are late" };
    private static readonly Option<string?> OfPerson = Options.Text(
        "--person",
        "PERSON",
        "Only those about this person"
    );

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf("create", "Ask for your own data", "privacy-requests create --right access portability")
        {
            Rights,
            Details,
            Everywhere,
            Language,
        }.Runs(CreateOwn),
        new Leaf(
            "receive",
            "Record what came by e-mail or on paper",
            "privacy-requests receive --channel email --received 2026-11-24 --right access --email ana@client.example "
                + "--file mail.eml"
        )
        {
            Channel,
            Received,
            Rights,
            Email,
            Name,
            Address,
            Details,
            Language,
            File,
        }.Runs(Receive),
        new Leaf("list", "List requests, the first due first", "privacy-requests list --due-by 2026-12-24")
        {
            States,
            DueBy,
            Overdue,
            OfPerson,
            Options.Limit,
        }.Runs(List),
        new Leaf("show", "Show a request", "privacy-requests show REQUEST") { PrivacyRequestsCommand.Id }.Runs(ShowOne),
        new Leaf("attach", "Attach an original", "privacy-requests attach REQUEST letter.pdf")
        {
            PrivacyRequestsCommand.Id,
            Document,
        }.Runs(Attach),
        new Leaf("download", "Save an original", "privacy-requests download REQUEST ORIGINAL --out letter.pdf")
        {
            PrivacyRequestsCommand.Id,
            Original,
            Out,
        }.Runs(Download),
        new Leaf("add-person", "Add a person whom the request is about", "privacy-requests add-person REQUEST PERSON")
        {
            PrivacyRequestsCommand.Id,
            Person,
            Options.Etag,
        }.Runs(AddPerson),
    ];

    private static async Task<int> CreateOwn(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .CreatePrivacyRequestAsync(
                new CreatePrivacyRequestRequest
                {
                    RequestId = Changes.RequestId(),
                    Rights = { run.Get(Rights) },
                    Details = run.Get(Details) ?? "",
                    Everywhere = run.Get(Everywhere),
                    Language = run.Get(Language),
                },
                cancellationToken: cancellationToken
            );
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Receive(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        // Before anything is recorded: a file that is not there is a slip of the one who types.
        await using var original = run.Get(File) is { } file ? System.IO.File.OpenRead(file) : null;
        var client = PrivacyRequestsCommand.Client(connection);
        var answer = await client.ReceivePrivacyRequestAsync(
            new ReceivePrivacyRequestRequest
            {
                RequestId = Changes.RequestId(),
                Channel = run.Get(Channel),
                ReceivedDate = run.Get(Received),
                Rights = { run.Get(Rights) },
                Email = run.Get(Email) ?? "",
                RequesterName = run.Get(Name) ?? "",
                PostalAddress = run.Get(Address) ?? "",
                Details = run.Get(Details) ?? "",
                Language = run.Get(Language),
            },
            cancellationToken: cancellationToken
        );
        var request = original is null
            ? answer.PrivacyRequest
            : await UploadAsync(client, answer.PrivacyRequest.PrivacyRequestId, original, cancellationToken);
        return PrivacyRequestsCommand.Print(run, request);
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ListPrivacyRequestsRequest
        {
            States = { run.Get(States) },
            DueByDate = run.Get(DueBy) ?? "",
            Overdue = run.Get(Overdue),
            PersonId = run.Get(OfPerson) ?? "",
        };
        return await run.ListAsync(
            request,
            PrivacyRequestsCommand.Client(connection).ListPrivacyRequestsAsync,
            page => page.PrivacyRequests,
            PrivacyRequestsCommand.Columns,
            cancellationToken
        );
    }

    private static async Task<int> ShowOne(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetPrivacyRequestRequest { PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id) };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .GetPrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Attach(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        await using var original = System.IO.File.OpenRead(run.Get(Document));
        var request = await UploadAsync(
            PrivacyRequestsCommand.Client(connection),
            run.Get(PrivacyRequestsCommand.Id),
            original,
            cancellationToken
        );
        return PrivacyRequestsCommand.Print(run, request);
    }

    private static async Task<int> Download(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        using var call = PrivacyRequestsCommand
            .Client(connection)
            .DownloadRequestOriginal(
                new DownloadRequestOriginalRequest
                {
                    PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
                    OriginalId = run.Get(Original),
                },
                cancellationToken: cancellationToken
            );
        var bytes = await Documents.SaveAsync(
            call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk),
            run.Get(Out),
            cancellationToken
        );
        run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {run.Get(Out)}.");
        return ExitCodes.Ok;
    }

    private static async Task<int> AddPerson(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .AddRequestSubjectAsync(
                new AddRequestSubjectRequest
                {
                    RequestId = Changes.RequestId(),
                    PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
                    PersonId = run.Get(Person),
                    Etag = run.Get(Options.Etag) ?? "",
                },
                cancellationToken: cancellationToken
            );
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<PrivacyRequest> UploadAsync(
        PrivacyRequestService.PrivacyRequestServiceClient client,
        string id,
        FileStream original,
        CancellationToken cancellationToken
    )
    {
        using var call = client.AttachRequestOriginal(cancellationToken: cancellationToken);
        var header = new OriginalHeader
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = id,
            FileName = Path.GetFileName(original.Name),
        };
        await Documents.SendAsync(
            call.RequestStream,
            new AttachRequestOriginalRequest { Header = header },
            chunk => new AttachRequestOriginalRequest { Chunk = chunk },
            original,
            cancellationToken
        );
        return (await call).PrivacyRequest;
    }
}
