using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Reports;

internal sealed class ReportService(
    Calls calls,
    ComposeReport compose,
    PublishReport publish,
    ReportFiles files,
    IClock clock
) : V1.ReportService.ReportServiceBase
{
    public override Task<V1.ComposeReportResponse> ComposeReport(
        V1.ComposeReportRequest request,
        ServerCallContext context
    )
    {
        var now = clock.GetCurrentInstant();
        var draft = ReportProto.Read(request, now);
        var tenant = Caller.Of(context).Tenant;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var report = await compose.RunAsync(db, tenant, draft, now, context.CancellationToken);
                return new V1.ComposeReportResponse { Report = ReportProto.Write(db, report) };
            }
        );
    }

    public override async Task<V1.GetReportResponse> GetReport(V1.GetReportRequest request, ServerCallContext context)
    {
        var (_, message) = await FindAsync(request.ReportId, context);
        return new V1.GetReportResponse { Report = message };
    }

    public override Task<V1.ListReportsResponse> ListReports(V1.ListReportsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var siteId = Fields.OptionalId(request.SiteId, "site_id", violations);
        var states = ReportProto.Read(request.States, violations);
        var filter = new V1.ListReportsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        var caller = Caller.Of(context);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await ReportList
                    .Query(db, caller, siteId, states, page.After)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListReportsResponse();
                foreach (var report in rows.Take(page.Size))
                {
                    var message = ReportProto.Write(db, report);
                    message.Summary = "";
                    response.Reports.Add(message);
                }

                response.NextPageToken = PageKeys.Next(page, rows, r => r.CreateTime, r => r.ReportId);
                return response;
            }
        );
    }

    public override Task<V1.PublishReportResponse> PublishReport(
        V1.PublishReportRequest request,
        ServerCallContext context
    )
    {
        var reportId = ReportProto.ReadId(request.ReportId);
        var caller = Caller.Of(context);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var report = await publish.PublishAsync(db, caller, reportId, request.Etag, context.CancellationToken);
                return new V1.PublishReportResponse { Report = ReportProto.Write(db, report) };
            }
        );
    }

    public override Task<V1.DiscardReportResponse> DiscardReport(
        V1.DiscardReportRequest request,
        ServerCallContext context
    )
    {
        var reportId = ReportProto.ReadId(request.ReportId);
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var report = await Reports.PublishReport.DiscardAsync(db, caller, reportId, request.Etag, cancel);
                return new V1.DiscardReportResponse { Report = ReportProto.Write(db, report) };
            }
        );
    }

    public override async Task ReadReport(
        V1.ReadReportRequest request,
        IServerStreamWriter<V1.ReadReportResponse> responseStream,
        ServerCallContext context
    )
    {
        var (report, message) = await FindKeptAsync(request.ReportId, context);
        await files.ReadAsync(report, message, responseStream, context.CancellationToken);
    }

    public override async Task ExportReport(
        V1.ExportReportRequest request,
        IServerStreamWriter<V1.ExportReportResponse> responseStream,
        ServerCallContext context
    )
    {
        var format = ReportProto.Read(request);
        var (report, _) = await FindKeptAsync(request.ReportId, context);
        var cancel = context.CancellationToken;
        var download = new ReportDownload(responseStream, format.ContentType, report.FileName + format.Ending);
        await using var file = new ChunkStream(piece => download.SendAsync(piece, cancel));
        await (
            format.IsSarif ? files.WriteSarifAsync(report, file, cancel) : files.WriteJsonAsync(report, file, cancel)
        );
    }

    private async Task<(Report Report, V1.Report Message)> FindKeptAsync(string id, ServerCallContext context)
    {
        var found = await FindAsync(id, context);
        return found.Report.State == ReportState.Discarded
            ? throw ReportErrors.Discarded(found.Report.ReportId)
            : found;
    }

    private Task<(Report Report, V1.Report Message)> FindAsync(string id, ServerCallContext context)
    {
        var reportId = ReportProto.ReadId(id);
        var caller = Caller.Of(context);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var report =
                    await ReportList
                        .Visible(db, caller)
                        .SingleOrDefaultAsync(r => r.ReportId == reportId, context.CancellationToken)
                    ?? throw ReportErrors.Absent(reportId);
                return (report, ReportProto.Write(db, report));
            }
        );
    }
}
