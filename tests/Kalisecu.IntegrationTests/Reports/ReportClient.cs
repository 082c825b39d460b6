using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.IntegrationTests.Reports;

/// <summary>Calls the reports of a server as one person.</summary>
internal sealed class ReportClient(TestServer server, Metadata headers)
{
    private readonly V1.ReportService.ReportServiceClient _client = new(
        server.Channel(SpiffeKind.Frontend, "dashboard")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<V1.Report> ComposeAsync(
        Guid site,
        Instant? moment = null,
        V1.ReportLanguage language = V1.ReportLanguage.Unspecified
    ) =>
        (
            await _client.ComposeReportAsync(
                new V1.ComposeReportRequest
                {
                    SiteId = site.ToString("D"),
                    Title = "État du site",
                    Summary = "Deux faiblesses <à corriger>.",
                    Language = language,
                    MomentTime = moment is { } at ? Errors.Fields.Write(at) : null,
                },
                headers,
                cancellationToken: Cancel
            )
        ).Report;

    public async Task<V1.Report> PublishAsync(V1.Report report, string etag = "") =>
        (
            await _client.PublishReportAsync(
                new V1.PublishReportRequest { ReportId = report.ReportId, Etag = etag },
                headers,
                cancellationToken: Cancel
            )
        ).Report;

    public async Task<V1.Report> DiscardAsync(V1.Report report) =>
        (
            await _client.DiscardReportAsync(
                new V1.DiscardReportRequest { ReportId = report.ReportId },
                headers,
                cancellationToken: Cancel
            )
        ).Report;

    public async Task<V1.Report> GetAsync(V1.Report report) =>
        (
            await _client.GetReportAsync(
                new V1.GetReportRequest { ReportId = report.ReportId },
                headers,
                cancellationToken: Cancel
            )
        ).Report;

    public async Task<V1.ListReportsResponse> ListAsync(V1.ListReportsRequest request) =>
        await _client.ListReportsAsync(request, headers, cancellationToken: Cancel);

    public async Task<List<V1.ReportEntry>> ReadAsync(V1.Report report)
    {
        var entries = new List<V1.ReportEntry>();
        await EachAsync(report, entries.AddRange);
        return entries;
    }

    /// <summary>Reads without keeping anything.</summary>
    public async Task EachAsync(V1.Report report, Action<IReadOnlyList<V1.ReportEntry>> take)
    {
        using var call = _client.ReadReport(
            new V1.ReadReportRequest { ReportId = report.ReportId },
            headers,
            cancellationToken: Cancel
        );
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancel))
        {
            Assert.InRange(message.Entries.Count, 1, 1000);
            take(message.Entries);
        }
    }

    public async Task<(byte[] Bytes, string ContentType, string Name)> ExportAsync(
        V1.Report report,
        V1.ExportFormat format
    )
    {
        using var bytes = new MemoryStream();
        var (type, name) = await ExportToAsync(report, format, bytes);
        return (bytes.ToArray(), type, name);
    }

    public async Task<(string ContentType, string Name)> ExportToAsync(
        V1.Report report,
        V1.ExportFormat format,
        Stream destination
    )
    {
        using var call = _client.ExportReport(
            new V1.ExportReportRequest { ReportId = report.ReportId, Format = format },
            headers,
            cancellationToken: Cancel
        );
        var (type, name) = ("", "");
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancel))
        {
            Assert.InRange(message.Chunk.Length, 1, 65_536);
            type += message.ContentType;
            name += message.FileName;
            await destination.WriteAsync(message.Chunk.Memory, Cancel);
        }

        return (type, name);
    }
}
