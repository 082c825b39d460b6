using System.CommandLine;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Reports.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>A report as a file.</summary>
internal static class ReportExport
{
    private static readonly Argument<string> Id = Options.Id("report", "Id of the report");

    private static readonly Option<ExportFormat> Format = Words
        .One<ExportFormat>("--format", "Format of the file")
        .Needed();

    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "FILE",
        "Where to write it [default: the name that the server proposes, in this folder]"
    );

    public static Command Create() =>
        new Leaf("export", "Save a report as a file", "reports export REPORT --format sarif --out audit.sarif")
        {
            Id,
            Format,
            Out,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var client = new ReportService.ReportServiceClient(connection.Invoker);
        var request = new ExportReportRequest { ReportId = run.Get(Id), Format = run.Get(Format) };
        using var call = client.ExportReport(request, cancellationToken: cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken))
        {
            return ExitCodes.Internal;
        }

        // A proposed name is a name: no way out of this folder.
        var first = call.ResponseStream.Current;
        var file = run.Get(Out) ?? Path.GetFileName(first.FileName);
        var rest = call.ResponseStream.ReadAllAsync(cancellationToken).Select(answer => answer.Chunk);
        var bytes = await Documents.SaveAsync(rest.Prepend(first.Chunk), file, cancellationToken);
        run.Output.Say($"{Show.Number((ulong)bytes)} bytes in {file}.");
        return ExitCodes.Ok;
    }
}
