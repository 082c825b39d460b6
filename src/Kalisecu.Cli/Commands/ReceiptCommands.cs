using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Consent.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Signed receipts of consent: fetched from the server, verified without it.</summary>
internal static class ReceiptCommands
{
    private static readonly Argument<string> Event = Options.Id("event", "Id of the event");
    private static readonly Argument<string> File = new("FILE")
    {
        Description = "File with the receipt, a compact JWS",
    };

    private static readonly Option<string> KeyFile = Options.Needed(
        "--keys",
        "FILE",
        "File with the published keys (JWKS), from 'consent receipt-keys'"
    );

    public static Command Receipt() =>
        new Leaf("receipt", "Print the signed receipt of an event", "consent receipt EVENT") { Event }.Runs(Print);

    public static Command Keys() =>
        new Leaf("receipt-keys", "Print the keys that receipts are verified with (JWKS)", "consent receipt-keys").Runs(
            PrintKeys
        );

    public static Command Verify() =>
        new Leaf(
            "verify-receipt",
            "Verify a receipt with the published keys alone, without any server",
            "consent verify-receipt receipt.jws --keys keys.json"
        )
        {
            File,
            KeyFile,
        }.Runs(Verify);

    private static async Task<int> Print(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetReceiptRequest { EventId = run.Get(Event) };
        var answer = await Client(connection).GetReceiptAsync(request, cancellationToken: cancellationToken);
        Print(run, answer, answer.Receipt);
        return ExitCodes.Ok;
    }

    private static async Task<int> PrintKeys(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetReceiptKeysRequest();
        var answer = await Client(connection).GetReceiptKeysAsync(request, cancellationToken: cancellationToken);
        Print(run, answer, answer.Jwks);
        return ExitCodes.Ok;
    }

    private static async Task<int> Verify(Invocation run, CancellationToken cancellationToken)
    {
        var receipt = await ReadAsync(run.Get(File), cancellationToken);
        var keys = await ReadAsync(run.Get(KeyFile), cancellationToken);
        var verified = await Consent.ReceiptVerification.RunAsync(receipt, keys);
        if (verified.Content is not { } content)
        {
            throw new StepFailed(
                $"{run.Get(File)} is not a valid receipt: {verified.Problem}",
                "ask for the receipt anew, and take the keys from the platform itself"
            );
        }

        if (run.Output.IsJson)
        {
            run.Output.Raw(content.ToJsonString() + "\n");
            return ExitCodes.Ok;
        }

        run.Output.Say($"The signature holds (key {verified.KeyId}).");
        run.Output.Raw(Show.Safe(Indented(content), keepLines: true) + "\n");
        return ExitCodes.Ok;
    }

    private static string Indented(System.Text.Json.Nodes.JsonObject content) =>
        content.ToJsonString(
            new System.Text.Json.JsonSerializerOptions
            {
                WriteIndented = true,
                // Shown on a terminal, never put into a page: accents stay letters.
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    private static void Print<T>(Invocation run, T answer, string text)
    {
        if (run.Output.IsJson)
        {
            run.Output.Line(answer);
        }
        else
        {
            run.Output.Raw(text + "\n");
        }
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await System.IO.File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StepFailed($"{file} cannot be read", "give the path of a file that is there", exception);
        }
    }

    private static ConsentService.ConsentServiceClient Client(Connection connection) => new(connection.Invoker);
}
