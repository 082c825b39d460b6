using Kalisecu.Objects;

namespace Kalisecu.Rights;

/// <summary>Streams an export in the format that is asked for, made from its JSON on the way.</summary>
internal sealed class ReadExport(ObjectFolder objects)
{
    public async Task RunAsync(
        DataExport export,
        ExportFormat format,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        switch (format)
        {
            case ExportFormat.Json:
                await objects.ReadAsync(export.TenantId, export.ObjectName, destination, cancellationToken);
                break;
            case ExportFormat.Html:
                await using (var page = new ExportHtml(destination, export.Language))
                {
                    await RenderAsync(export, page, cancellationToken);
                }

                break;
            case ExportFormat.Csv:
                await using (var csv = new ExportCsv(destination))
                {
                    await RenderAsync(export, csv, cancellationToken);
                }

                break;
            default:
                throw new InvalidOperationException($"No format: {format}");
        }
    }

    public static (string ContentType, string FileName) Describe(DataExport export, ExportFormat format)
    {
        var (type, ending) = format switch
        {
            ExportFormat.Json => ("application/json", "json"),
            ExportFormat.Html => ("text/html; charset=utf-8", "html"),
            ExportFormat.Csv => ("text/csv; charset=utf-8", "csv"),
            _ => throw new InvalidOperationException($"No format: {format}"),
        };
        return (
            type,
            $"kalisecu-{(export.Kind is ExportKind.Access ? "access" : "portability")}-{export.ExportId:D}.{ending}"
        );
    }

    private async Task RenderAsync(DataExport export, IExportRendering rendering, CancellationToken cancellationToken)
    {
        await using var lines = new ExportLines(rendering).ToStream();
        await objects.ReadAsync(export.TenantId, export.ObjectName, lines, cancellationToken);
    }
}
