using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Compliance.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The register of companies that process data for us.</summary>
internal static class ProcessorsCommand
{
    // The contract's largest chunk.
    private const int ChunkBytes = 65_536;

    private static readonly Argument<string> Name = Options.Id("name", "Short name of the processor");
    private static readonly Argument<string> Document = Options.Id("file", "The signed agreement, PDF");
    private static readonly Option<string> LegalName = Options.Needed("--legal-name", "TEXT", "Name of the company");
    private static readonly Option<string> Country = Options.Needed(
        "--country",
        "CODE",
        "Where it processes, such as FR"
    );
    private static readonly Option<string[]> Hosts = Options.Texts("--host", "HOST", "A host of it, once for each");
    private static readonly Option<string?> Adequacy = Options.Text("--adequacy", "TEXT", "The adequacy decision");
    private static readonly Option<string?> Contact = Options.Text(
        "--privacy-contact",
        "ADDRESS",
        "E-mail address that is told of rectifications, restrictions and erasures [default: told by hand]"
    );
    private static readonly Option<string> Date = Options.Needed("--date", "DATE", "Day of the last signature");
    private static readonly Option<string> Out = Options.Needed("--out", "FILE", "Where to write the document");

    private static readonly Option<ProcessorRole> Role = Words
        .One<ProcessorRole>("--role", "What it does for us")
        .Needed();

    private static readonly Option<ProcessingPurpose[]> Purposes = Words
        .Many<ProcessingPurpose>("--purpose", "What the data serves that it gets")
        .Needed();

    private static readonly Column<Processor>[] Columns =
    [
        new("Name", p => p.Name),
        new("Version", p => Show.Number(p.Version), IsNumber: true),
        new("Company", p => p.LegalName),
        new("Role", p => Words.Of(p.Role)),
        new("Country", p => p.Country),
        new("Agreement", p => p.AgreementDigest.IsEmpty ? "" : p.AgreementDate),
        new("Hosts", p => string.Join(", ", p.Hosts)),
        new("Since", p => Show.Time(p.StartTime)),
        new("Until", p => Show.Time(p.EndTime)),
    ];

    private static readonly Column<Processor>[] Properties =
    [
        .. Columns,
        new("Purposes", p => string.Join(", ", p.Purposes.Select(Words.Of))),
        new("Adequacy", p => p.Adequacy),
        new("Privacy contact", p => p.PrivacyContact),
        new("Agreement's SHA-256", p => Show.Hex(p.AgreementDigest)),
    ];

    public static Command Create() =>
        new("processors", "The register of companies that process data for us")
        {
            new Leaf("list", "List the processors", "processors list") { Options.Limit }.Runs(List),
            new Leaf("versions", "List the history of an entry", "processors versions brevo")
            {
                Name,
                Options.Limit,
            }.Runs(Versions),
            new Leaf(
                "set",
                "Enter a processor, or change its entry",
                "processors set brevo --legal-name 'Brevo SAS' --role email --country FR --purpose communication --host "
                    + "api.brevo.com"
            )
            {
                Name,
                LegalName,
                Role,
                Country,
                Purposes,
                Hosts,
                Adequacy,
                Contact,
            }.Runs(Set),
            new Leaf(
                "end",
                "End an entry: its hosts are refused from now on",
                "processors end brevo --reason 'replaced'"
            )
            {
                Name,
                Options.Reason,
            }.Runs(End),
            new Leaf(
                "record-agreement",
                "Record the signed data-processing agreement",
                "processors record-agreement brevo dpa.pdf --date 2026-05-04"
            )
            {
                Name,
                Document,
                Date,
            }.Runs(Record),
            new Leaf("agreement", "Save the recorded agreement", "processors agreement brevo --out dpa.pdf")
            {
                Name,
                Out,
            }.Runs(Download),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListProcessorsRequest(),
            Client(connection).ListProcessorsAsync,
            page => page.Processors,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Versions(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListProcessorVersionsRequest { Name = run.Get(Name) },
            Client(connection).ListProcessorVersionsAsync,
            page => page.Processors,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Set(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new SetProcessorRequest
        {
            RequestId = Changes.RequestId(),
            Name = run.Get(Name),
            LegalName = run.Get(LegalName),
            Role = run.Get(Role),
            Country = run.Get(Country),
            Purposes = { run.Get(Purposes) },
            Hosts = { run.Get(Hosts) },
            Adequacy = run.Get(Adequacy) ?? "",
            PrivacyContact = run.Get(Contact) ?? "",
        };
        var answer = await Client(connection).SetProcessorAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Processor, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> End(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new EndProcessorRequest
        {
            RequestId = Changes.RequestId(),
            Name = run.Get(Name),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).EndProcessorAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Processor, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Record(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        await using var document = File.OpenRead(run.Get(Document));
        using var call = Client(connection).RecordProcessorAgreement(cancellationToken: cancellationToken);
        var header = new AgreementHeader
        {
            RequestId = Changes.RequestId(),
            Name = run.Get(Name),
            AgreementDate = run.Get(Date),
        };
        try
        {
            await call.RequestStream.WriteAsync(new() { Header = header }, cancellationToken);
            var buffer = new byte[ChunkBytes];
            while (await document.ReadAtLeastAsync(buffer, ChunkBytes, false, cancellationToken) is > 0 and var count)
            {
                var chunk = ByteString.CopyFrom(buffer.AsSpan(0, count));
                await call.RequestStream.WriteAsync(new() { Chunk = chunk }, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (InvalidOperationException)
        {
            // The server ended the call before it had read all; its answer below says why.
        }

        run.Output.Item((await call).Processor, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Download(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DownloadProcessorAgreementRequest { Name = run.Get(Name) };
        using var call = Client(connection).DownloadProcessorAgreement(request, cancellationToken: cancellationToken);
        var chunks = call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk);
        var bytes = await Documents.SaveAsync(chunks, run.Get(Out), cancellationToken);
        run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {run.Get(Out)}.");
        return ExitCodes.Ok;
    }

    internal static RegisterService.RegisterServiceClient Client(Connection connection) => new(connection.Invoker);
}
