using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Scans;

internal sealed class ScanService(Calls calls, ScanOrders orders, IClock clock) : V1.ScanService.ScanServiceBase
{
    public override Task<V1.CreateScanResponse> CreateScan(V1.CreateScanRequest request, ServerCallContext context) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var draft = ScanProto.Read(request, clock.GetCurrentInstant());
                var scan = await orders.CreateAsync(db, draft, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.CreateScanResponse { Scan = ScanProto.Write(scan) };
            }
        );

    public override Task<V1.GetScanResponse> GetScan(V1.GetScanRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var scanId = Fields.Id(request.ScanId, "scan_id", violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var scan = await ScanOrders.FindAsync(db, scanId, context.CancellationToken);
                return new V1.GetScanResponse { Scan = ScanProto.Write(scan) };
            }
        );
    }

    public override Task<V1.ListScansResponse> ListScans(V1.ListScansRequest request, ServerCallContext context)
    {
        var filter = ScanFilter.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var scans = await filter.Apply(db).ToListAsync(context.CancellationToken);
                var response = new V1.ListScansResponse();
                response.Scans.AddRange(scans.Take(filter.Page.Size).Select(ScanProto.Write));
                response.NextPageToken = PageKeys.Next(
                    filter.Page,
                    scans,
                    last => [InstantPattern.ExtendedIso.Format(last.CreateTime), last.ScanId.ToString("D")]
                );

                return response;
            }
        );
    }

    public override Task<V1.CancelScanResponse> CancelScan(V1.CancelScanRequest request, ServerCallContext context) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var violations = new Violations();
                var scanId = Fields.Id(request.ScanId, "scan_id", violations);
                var reason = Fields.Text(request.Reason, "reason", 1, 500, violations);
                violations.ThrowIfAny();
                var actor = Caller.Of(context).Actor;
                var scan = await orders.CancelAsync(db, scanId, reason, actor, context.CancellationToken);
                return new V1.CancelScanResponse { Scan = ScanProto.Write(scan) };
            }
        );
}
