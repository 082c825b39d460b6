using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Findings;

internal sealed class FindingService(Calls calls, FindingReads reads, DecideFinding decide, IClock clock)
    : V1.FindingService.FindingServiceBase
{
    public override async Task<V1.ListFindingsResponse> ListFindings(
        V1.ListFindingsRequest request,
        ServerCallContext context
    )
    {
        var (filter, page, after) = FindingProto.Read(request);
        var tenant = Caller.Of(context).Tenant;
        var now = clock.GetCurrentInstant();
        var rows = await reads.ManyAsync(tenant, filter, after, page.Size, now, context.CancellationToken);
        var response = new V1.ListFindingsResponse { Findings = { rows.Take(page.Size).Select(r => r.Message) } };
        response.NextPageToken = PageKeys.Next(page, rows, FindingProto.SortKeys);

        return response;
    }

    public override async Task<V1.GetFindingResponse> GetFinding(
        V1.GetFindingRequest request,
        ServerCallContext context
    )
    {
        var findingId = FindingProto.ReadId(request.FindingId, "finding_id");
        return new V1.GetFindingResponse { Finding = await OneAsync(findingId, context) };
    }

    public override Task<V1.ListOccurrencesResponse> ListOccurrences(
        V1.ListOccurrencesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var findingId = Fields.Id(request.FindingId, "finding_id", violations);
        var filter = new V1.ListOccurrencesRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 3, filter, violations);
        violations.ThrowIfAny();
        var tenant = Caller.Of(context).Tenant;
        return calls.ReadAsync(
            context,
            async db =>
            {
                await FindingHistory.DemandFindingAsync(db, tenant, findingId, context.CancellationToken);
                var rows = await FindingHistory
                    .Occurrences(db, tenant, findingId, request.OpenOnly, page.After)
                    .Take(page.Size + 1)
                    .Select(OccurrenceRow.WithoutExchange)
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListOccurrencesResponse
                {
                    Occurrences = { rows.Take(page.Size).Select(HistoryProto.Write) },
                };
                response.NextPageToken = PageKeys.Next(
                    page,
                    rows,
                    last => [last.OccurrenceId.ToString("D"), last.Tool, last.OpenScanId.ToString("D")]
                );

                return response;
            }
        );
    }

    public override async Task<V1.GetExchangeResponse> GetExchange(
        V1.GetExchangeRequest request,
        ServerCallContext context
    )
    {
        var (findingId, occurrenceId) = FindingProto.Read(request);
        var tenant = Caller.Of(context).Tenant;
        var exchange = await reads.ExchangeAsync(tenant, findingId, occurrenceId, context.CancellationToken);
        return new V1.GetExchangeResponse { Exchange = UnsafeByteOperations.UnsafeWrap(exchange) };
    }

    public override Task<V1.ListFindingEventsResponse> ListFindingEvents(
        V1.ListFindingEventsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var findingId = Fields.Id(request.FindingId, "finding_id", violations);
        var filter = new V1.ListFindingEventsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        var tenant = Caller.Of(context).Tenant;
        return calls.ReadAsync(
            context,
            async db =>
            {
                await FindingHistory.DemandFindingAsync(db, tenant, findingId, context.CancellationToken);
                await decide.SettleAsync(db, tenant, findingId, context.CancellationToken);
                var rows = await FindingHistory
                    .Events(db, tenant, findingId, page.After)
                    .Take(page.Size + 1)
                    .AsNoTracking()
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListFindingEventsResponse
                {
                    Events = { rows.Take(page.Size).Select(HistoryProto.Write) },
                };
                response.NextPageToken = PageKeys.Next(
                    page,
                    rows,
                    last => [FindingProto.Ticks(last.EventTime), last.EventId.ToString("D")]
                );

                return response;
            }
        );
    }

    public override async Task<V1.ListObservationsResponse> ListObservations(
        V1.ListObservationsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var siteId = Fields.Id(request.SiteId, "site_id", violations);
        var filter = new V1.ListObservationsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 5, filter, violations);
        violations.ThrowIfAny();
        var tenant = Caller.Of(context).Tenant;
        await reads.DemandSiteAsync(tenant, siteId, context.CancellationToken);
        var rows = await calls.ReadAsync(
            context,
            db =>
                FindingHistory
                    .Observations(db, tenant, siteId, request.KindPrefix, request.OpenOnly, page.After)
                    .Take(page.Size + 1)
                    .AsNoTracking()
                    .ToListAsync(context.CancellationToken)
        );
        var response = new V1.ListObservationsResponse
        {
            Observations = { rows.Take(page.Size).Select(HistoryProto.Write) },
        };
        response.NextPageToken = PageKeys.Next(
            page,
            rows,
            last => [last.Kind, last.Place, last.Tool, last.ObservationId.ToString("D"), last.OpenScanId.ToString("D")]
        );

        return response;
    }

    public override Task<V1.DismissFindingResponse> DismissFinding(
        V1.DismissFindingRequest request,
        ServerCallContext context
    )
    {
        var (draft, findingId) = FindingProto.Read(request, clock.GetCurrentInstant());
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                await decide.DismissAsync(db, caller, findingId, draft, request.Etag, cancel);
                return new V1.DismissFindingResponse { Finding = await InAsync(db, caller.Tenant, findingId, cancel) };
            }
        );
    }

    public override Task<V1.RestoreFindingResponse> RestoreFinding(
        V1.RestoreFindingRequest request,
        ServerCallContext context
    )
    {
        var (findingId, reason) = FindingProto.Read(request);
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                await decide.RestoreAsync(db, caller, findingId, reason, request.Etag, cancel);
                return new V1.RestoreFindingResponse { Finding = await InAsync(db, caller.Tenant, findingId, cancel) };
            }
        );
    }

    private Task<V1.Finding> OneAsync(Guid findingId, ServerCallContext context) =>
        reads.OneAsync(Caller.Of(context).Tenant, findingId, clock.GetCurrentInstant(), context.CancellationToken);

    private Task<V1.Finding> InAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        CancellationToken cancellationToken
    ) => reads.OneInAsync(db, tenantId, findingId, clock.GetCurrentInstant(), cancellationToken);
}
