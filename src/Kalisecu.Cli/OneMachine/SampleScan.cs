using Kalisecu.Cli.Commands;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Reports.V1;
using Kalisecu.Scans.V1;

namespace Kalisecu.Cli.OneMachine;

/// <summary>From a scanner's report to the published account for the client, as every scan goes.</summary>
internal sealed class SampleScan(DataFolder data, SampleClient client)
{
    // What testssl.sh said about a web server of ours; samples/README.md tells how it was made.
    private const string Resource = "boulangerie-martin.testssl.json";

    public string ReportId { get; private set; } = "";

    /// <summary>Pushes the report through this machine's agent.</summary>
    public async Task EnsurePushedAsync(CancellationToken cancellationToken)
    {
        using var connection = client.Connect();
        var scans = new ScanService.ScanServiceClient(connection.Invoker);
        var request = new ListScansRequest { SiteId = client.SiteId, States = { ScanState.Completed } };
        var done = await scans.ListScansAsync(request, cancellationToken: cancellationToken);
        if (done.Scans.Count > 0)
        {
            return;
        }

        var file = Path.Combine(data.Run, Resource);
        await using (var sample = typeof(SampleScan).Assembly.GetManifestResourceStream(Resource)!)
        await using (var copy = File.Create(file))
        {
            await sample.CopyToAsync(copy, cancellationToken);
        }

        await AgentProgram.RunAsync(
            data,
            ["push", "--site", client.SiteId, file],
            "the agent could not push the sample report",
            cancellationToken
        );
    }

    /// <summary>Composes and publishes the report on the site.</summary>
    public async Task EnsurePublishedAsync(CancellationToken cancellationToken)
    {
        using var connection = client.Connect();
        var reports = new ReportService.ReportServiceClient(connection.Invoker);
        var list = new ListReportsRequest { SiteId = client.SiteId };
        var found = await reports.ListReportsAsync(list, cancellationToken: cancellationToken);
        var report =
            found.Reports.FirstOrDefault(r => r.State == ReportState.Published)
            ?? found.Reports.FirstOrDefault(r => r.State == ReportState.Draft)
            ?? await ComposeAsync(reports, cancellationToken);
        ReportId = report.ReportId;
        if (report.State == ReportState.Draft)
        {
            var publish = new PublishReportRequest { RequestId = Changes.RequestId(), ReportId = ReportId };
            await reports.PublishReportAsync(publish, cancellationToken: cancellationToken);
        }
    }

    public async Task ShowAsync(Output output, CancellationToken cancellationToken)
    {
        using var connection = client.Connect();
        await ReportReading.ShowAsync(connection, ReportId, output, all: false, cancellationToken);
    }

    private async Task<Report> ComposeAsync(
        ReportService.ReportServiceClient reports,
        CancellationToken cancellationToken
    )
    {
        var request = new ComposeReportRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = client.SiteId,
            Title = $"Audit de sécurité – {SampleClient.Name}",
            Summary =
                "Exemple : un vrai rapport de testssl.sh sur un serveur de démonstration, lu et poussé par l'agent de "
                + "cette machine, composé et publié par la plateforme.",
        };
        var answer = await reports.ComposeReportAsync(request, cancellationToken: cancellationToken);
        return answer.Report;
    }
}
