using Grpc.Core;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using NodaTime;

namespace Kalisecu.Agents;

internal sealed class LeaseService(Calls calls, ScanLeasing leasing, IClock clock) : V1.LeaseService.LeaseServiceBase
{
    public override Task<V1.LeaseScanResponse> LeaseScan(V1.LeaseScanRequest request, ServerCallContext context)
    {
        var (agentId, cancellationToken) = (Caller.Of(context).DemandAgent(), context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var tools = LeaseProto.ReadTools(request);
                await AdmitAsync(db, agentId, cancellationToken);
                var grant = await leasing.LeaseNextAsync(db, agentId, tools, cancellationToken);
                return new V1.LeaseScanResponse { Lease = grant is null ? null : LeaseProto.Write(grant) };
            }
        );
    }

    public override Task<V1.StartScanResponse> StartScan(V1.StartScanRequest request, ServerCallContext context)
    {
        var (scanId, draft) = LeaseProto.Read(request);
        var (agentId, cancellationToken) = (Caller.Of(context).DemandAgent(), context.CancellationToken);
        return calls.ReadAsync(
            context,
            async db =>
            {
                await AdmitAsync(db, agentId, cancellationToken);
                var grant = await leasing.StartAsync(db, agentId, scanId, draft, cancellationToken);
                return new V1.StartScanResponse { Lease = LeaseProto.Write(grant) };
            }
        );
    }

    public override Task<V1.RenewLeaseResponse> RenewLease(V1.RenewLeaseRequest request, ServerCallContext context)
    {
        var leaseId = LeaseProto.Read(request);
        var (agentId, cancellationToken) = (Caller.Of(context).DemandAgent(), context.CancellationToken);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var grant = await leasing.RenewAsync(db, agentId, leaseId, cancellationToken);
                return new V1.RenewLeaseResponse { Lease = LeaseProto.Write(grant) };
            }
        );
    }

    public override Task<V1.CompleteScanResponse> CompleteScan(
        V1.CompleteScanRequest request,
        ServerCallContext context
    )
    {
        var (scanId, leaseId, message) = LeaseProto.Read(request);
        var (agentId, cancellationToken) = (Caller.Of(context).DemandAgent(), context.CancellationToken);
        return calls.ReadAsync(
            context,
            async db =>
            {
                await leasing.EndAsync(db, agentId, (scanId, leaseId), message, cancellationToken);
                return new V1.CompleteScanResponse();
            }
        );
    }

    public override Task<V1.ListLeasableSitesResponse> ListLeasableSites(
        V1.ListLeasableSitesRequest request,
        ServerCallContext context
    )
    {
        var (page, after) = LeaseProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var now = clock.GetCurrentInstant();
                var sites = await LeasableSite.ListAsync(db, now, after, page.Size + 1, context.CancellationToken);
                var response = new V1.ListLeasableSitesResponse();
                response.Sites.AddRange(sites.Take(page.Size).Select(LeaseProto.Write));
                response.NextPageToken = PageKeys.Next(
                    page,
                    sites,
                    last => [last.DisplayName, last.SiteId.ToString("D")]
                );

                return response;
            }
        );
    }

    private async Task AdmitAsync(KalisecuDb db, Guid agentId, CancellationToken cancellationToken)
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        await AgentOrders.TouchAsync(db, agentId, clock.GetCurrentInstant(), cancellationToken);
    }
}
