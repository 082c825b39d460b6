using Grpc.Core;
using Kalisecu.Objects;

namespace Kalisecu.Reports;

/// <summary>Streams the frozen content of a report: as entries, as the frozen bytes themselves, as SARIF.</summary>
internal sealed class ReportFiles(ObjectFolder objects)
{
    // Contract of ReadReport; the bytes keep a message far from the limit of one when texts are long.
    private const int MaximumEntries = 1000;
    private const int MaximumEntryBytes = 256 * 1024;

    public async Task ReadAsync(
        Report report,
        V1.Report current,
        IServerStreamWriter<V1.ReadReportResponse> writer,
        CancellationToken cancellationToken
    )
    {
        var message = new V1.ReadReportResponse();
        var bytes = 0;
        await EachAsync(
            report,
            async (entry, cancel) =>
            {
                if (entry.Header is { } header)
                {
                    ReportProto.Complete(header.Report, current);
                }

                message.Entries.Add(entry);
                bytes += entry.CalculateSize();
                if (message.Entries.Count == MaximumEntries || bytes >= MaximumEntryBytes)
                {
                    await writer.WriteAsync(message, cancel);
                    message = new V1.ReadReportResponse();
                    bytes = 0;
                }
            },
            cancellationToken
        );
        if (message.Entries.Count > 0)
        {
            await writer.WriteAsync(message, cancellationToken);
        }
    }

    public Task WriteJsonAsync(Report report, Stream destination, CancellationToken cancellationToken) =>
        objects.ReadAsync(report.TenantId, report.ObjectName, destination, cancellationToken);

    public async Task WriteSarifAsync(Report report, Stream destination, CancellationToken cancellationToken)
    {
        await using var sarif = new SarifWriter(destination);
        sarif.Start();
        await EachAsync(
            report,
            (entry, cancel) =>
            {
                sarif.AddRule(entry);
                return sarif.FlushIfFullAsync(cancel);
            },
            cancellationToken
        );
        sarif.StartResults();
        await EachAsync(
            report,
            (entry, cancel) =>
            {
                sarif.Add(entry);
                return sarif.FlushIfFullAsync(cancel);
            },
            cancellationToken
        );
        sarif.End();
        await sarif.FlushAsync(cancellationToken);
    }

    private async Task EachAsync(
        Report report,
        Func<V1.ReportEntry, CancellationToken, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        var reader = new ReportContentReader(take);
        await using var pieces = new ChunkStream(piece => reader.ReadAsync(piece, cancellationToken));
        await objects.ReadAsync(report.TenantId, report.ObjectName, pieces, cancellationToken);
        reader.Complete();
    }
}
