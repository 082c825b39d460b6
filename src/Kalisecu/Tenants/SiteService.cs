using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>The RPCs of sites; those of their credentials stand in the other half of this class.</summary>
internal sealed partial class SiteService(
    Calls calls,
    Sites sites,
    SiteCredentials credentials,
    RevealSiteCredential reveal,
    IClock clock
) : V1.SiteService.SiteServiceBase
{
    public override Task<V1.CreateSiteResponse> CreateSite(V1.CreateSiteRequest request, ServerCallContext context)
    {
        var draft = SiteProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var site = await sites.CreateAsync(db, Caller.Of(context).Tenant, draft, context.CancellationToken);
                return new V1.CreateSiteResponse { Site = SiteProto.Write(site, authorised: false) };
            }
        );
    }

    public override Task<V1.GetSiteResponse> GetSite(V1.GetSiteRequest request, ServerCallContext context)
    {
        var id = SiteProto.ReadId(request.SiteId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var site = await Sites.FindAsync(db, id, context.CancellationToken);
                return new V1.GetSiteResponse { Site = await WriteAsync(db, site, context.CancellationToken) };
            }
        );
    }

    public override Task<V1.ListSitesResponse> ListSites(V1.ListSitesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var states = SiteProto.ReadStates(request.States, violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        var tenantId = Caller.Of(context).Tenant;
        return calls.ReadAsync(
            context,
            async db =>
            {
                var query = db.Set<Site>().AsNoTracking().Where(s => s.TenantId == tenantId);
                if (states.Count > 0)
                {
                    query = query.Where(s => states.Contains(s.State));
                }

                if (page.After is { } after)
                {
                    var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    query = query.Where(s =>
                        EF.Functions.GreaterThan(ValueTuple.Create(s.CreateTime, s.SiteId), ValueTuple.Create(time, id))
                    );
                }

                var rows = await query
                    .OrderBy(s => s.CreateTime)
                    .ThenBy(s => s.SiteId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var shown = rows.Take(page.Size).ToList();
                var authorised = await AuthorisationScope.SitesInForceAsync(
                    db,
                    shown.ConvertAll(s => s.SiteId),
                    clock.GetCurrentInstant(),
                    context.CancellationToken
                );
                return new V1.ListSitesResponse
                {
                    Sites = { shown.Select(s => SiteProto.Write(s, authorised.Contains(s.SiteId))) },
                    NextPageToken = PageKeys.Next(page, rows, s => s.CreateTime, s => s.SiteId),
                };
            }
        );
    }

    public override Task<V1.UpdateSiteResponse> UpdateSite(V1.UpdateSiteRequest request, ServerCallContext context)
    {
        var (id, change) = SiteProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                await OpenTenant.RequireAsync(db, context.CancellationToken);
                var site = await Sites.FindAsync(db, id, context.CancellationToken);
                Etag.Require(request.Etag, site.Version, "site");
                site.Change(change);
                await db.SaveChangesAsync(context.CancellationToken);
                return new V1.UpdateSiteResponse { Site = await WriteAsync(db, site, context.CancellationToken) };
            }
        );
    }

    public override Task<V1.CloseSiteResponse> CloseSite(V1.CloseSiteRequest request, ServerCallContext context)
    {
        var id = SiteProto.ReadId(request.SiteId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var site = await sites.CloseAsync(db, id, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.CloseSiteResponse { Site = SiteProto.Write(site, authorised: false) };
            }
        );
    }

    private async Task<V1.Site> WriteAsync(KalisecuDb db, Site site, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var authorised = await AuthorisationScope.SitesInForceAsync(db, [site.SiteId], now, cancellationToken);
        return SiteProto.Write(site, authorised.Contains(site.SiteId));
    }
}
