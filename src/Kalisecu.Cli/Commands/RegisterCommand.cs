using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Compliance.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The registers that the law asks for, written out.</summary>
internal static class RegisterCommand
{
    private static readonly Option<RegisterKind> Kind = Words
        .One<RegisterKind>("--register", "Which register")
        .Needed();

    private static readonly Option<RegisterFormat> Format = Words
        .One<RegisterFormat>("--format", "In which format")
        .Needed();

    private static readonly Option<RegisterLanguage> Language = Words.One<RegisterLanguage>(
        "--language",
        "In which language [default: fr]"
    );

    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "FILE",
        "Where to write it [default: standard output]"
    );

    public static Command Create() =>
        new Leaf(
            "register",
            "Write out the records of processing (art. 30 GDPR) or the register of processors",
            "register --register processing --format html --out register.html"
        )
        {
            Kind,
            Format,
            Language,
            Out,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ExportRegisterRequest
        {
            Register = run.Get(Kind),
            Format = run.Get(Format),
            Language = run.Has(Language) ? run.Get(Language) : RegisterLanguage.Fr,
        };
        var client = ProcessorsCommand.Client(connection);
        var answer = await client.ExportRegisterAsync(request, cancellationToken: cancellationToken);
        if (run.Get(Out) is { } file)
        {
            await File.WriteAllBytesAsync(file, answer.Content.ToByteArray(), cancellationToken);
            run.Output.Say($"{Show.Number((ulong)answer.Content.Length)} bytes in {file}.");
        }
        else
        {
            run.Output.Raw(answer.Content.ToStringUtf8());
        }

        return ExitCodes.Ok;
    }
}
