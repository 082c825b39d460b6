using System.CommandLine;
using Google.Protobuf;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Consent.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The purposes of processing and their texts.</summary>
internal static class PurposesCommand
{
    private static readonly Argument<string> Name = new("PURPOSE") { Description = "Short name of the purpose" };

    private static readonly Argument<string> File = new("FILE")
    {
        Description = "JSON with the fields of DefinePurposeRequest, as 'purposes show --json' prints them",
    };

    private static readonly Option<int> Version = new("--text-version")
    {
        Description = "Version to show [default: the current one]",
        HelpName = "N",
    };

    private static readonly Column<Purpose>[] Columns =
    [
        new("Purpose", p => p.Purpose_),
        new("Version", p => $"{p.Version}", IsNumber: true),
        new("Basis", p => Words.Of(p.LegalBasis)),
        new("French", p => p.French.Title),
        new("English", p => p.English.Title),
    ];

    private static readonly Column<Purpose>[] Properties =
    [
        .. Columns,
        new("French text", p => p.French.Text),
        new("English text", p => p.English.Text),
        new("Kept (fr)", p => p.French.Retention),
        new("Kept (en)", p => p.English.Retention),
        new("Data", p => string.Join(", ", p.DataCategories)),
        new("Recipients", p => string.Join(", ", p.Recipients)),
        new("Consent holds", p => p.ConsentMonths == 0 ? "" : $"{p.ConsentMonths} months"),
        new("Defined", p => $"{Show.Time(p.CreateTime)} by {p.Actor}"),
        new("French SHA-256", p => Show.Hex(p.French.Digest)),
        new("English SHA-256", p => Show.Hex(p.English.Digest)),
    ];

    public static Command Create() =>
        new("purposes", "The purposes of processing and their texts")
        {
            new Leaf("list", "List the purposes in their current versions", "consent purposes list")
            {
                Options.Limit,
            }.Runs(List),
            new Leaf("show", "Show a purpose with its texts", "consent purposes show direct_marketing --text-version 1")
            {
                Name,
                Version,
            }.Runs(Get),
            new Leaf("define", "Define a purpose or its next version", "consent purposes define newsletter.json")
            {
                File,
            }.Runs(Define),
        };

    /// <summary>The version that people are shown now.</summary>
    public static async Task<int> CurrentVersionAsync(
        Connection connection,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var request = new GetPurposeRequest { Purpose = purpose };
        var answer = await Client(connection).GetPurposeAsync(request, cancellationToken: cancellationToken);
        return answer.Purpose.Version;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListPurposesRequest(),
            Client(connection).ListPurposesAsync,
            page => page.Purposes,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetPurposeRequest { Purpose = run.Get(Name), Version = run.Get(Version) };
        var answer = await Client(connection).GetPurposeAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Purpose, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Define(Invocation run, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(run.Get(File), cancellationToken);
        request.RequestId = Changes.RequestId();
        using var connection = run.Connect();
        var answer = await Client(connection).DefinePurposeAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Purpose, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<DefinePurposeRequest> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var text = await System.IO.File.ReadAllTextAsync(file, cancellationToken);
            // What 'show --json' prints has fields that only the server sets.
            var parser = new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
            return parser.Parse<DefinePurposeRequest>(text);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            throw new StepFailed(
                $"{file} holds no purpose: {exception.Message}",
                "start from: kalisecu consent purposes show direct_marketing --json",
                exception
            );
        }
    }

    private static PurposeService.PurposeServiceClient Client(Connection connection) => new(connection.Invoker);
}
