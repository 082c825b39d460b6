using System.CommandLine;
using Grpc.Core;
using Kalisecu.Reports.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Reads a report as it comes and prints it; `up` shows its first report the same way.</summary>
internal static class ReportReading
{
    public static Option<bool> All { get; } =
        new("--all")
        {
            Description =
                $"Show all, not the first {ReportPrinter.FewPlaces} places of a finding and {ReportPrinter.FewObservations} observations",
        };

    public static async Task ShowAsync(
        Connection connection,
        string reportId,
        Output output,
        bool all,
        CancellationToken cancellationToken
    )
    {
        var client = new ReportService.ReportServiceClient(connection.Invoker);
        var request = new ReadReportRequest { ReportId = reportId };
        using var call = client.ReadReport(request, cancellationToken: cancellationToken);
        var printer = new ReportPrinter(output.Console, all);
        await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            foreach (var entry in answer.Entries)
            {
                if (output.IsJson)
                {
                    output.Line(entry);
                }
                else
                {
                    printer.Print(entry);
                }
            }
        }

        if (!output.IsJson)
        {
            printer.End();
        }
    }
}
