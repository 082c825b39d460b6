using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Tenants;

internal sealed class TenantService(
    Calls calls,
    CreateTenant createTenant,
    CloseTenant closeTenant,
    ILogger<TenantService> log
) : V1.TenantService.TenantServiceBase
{
    public override async Task<V1.CreateTenantResponse> CreateTenant(
        V1.CreateTenantRequest request,
        ServerCallContext context
    )
    {
        var draft = TenantProto.Read(request);
        var response = await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var tenant = await createTenant.RunAsync(
                    db,
                    draft,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.CreateTenantResponse { Tenant = TenantProto.Write(tenant) };
            }
        );
        TenantLog.Created(log, response.Tenant.TenantId);
        return response;
    }

    public override Task<V1.GetTenantResponse> GetTenant(V1.GetTenantRequest request, ServerCallContext context) =>
        calls.ReadAsync(
            context,
            async db => new V1.GetTenantResponse { Tenant = TenantProto.Write(await FindAsync(db, context)) }
        );

    public override Task<V1.ListTenantsResponse> ListTenants(V1.ListTenantsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var states = TenantProto.ReadStates(request.States, violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var tenants = db.Set<Tenant>().AsNoTracking();
                if (states.Count > 0)
                {
                    tenants = tenants.Where(t => states.Contains(t.State));
                }

                if (request.Slug.Length > 0)
                {
                    tenants = tenants.Where(t => t.Slug == request.Slug);
                }

                if (page.After is { } after)
                {
                    var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    tenants = tenants.Where(t =>
                        EF.Functions.LessThan(ValueTuple.Create(t.CreateTime, t.TenantId), last)
                    );
                }

                var rows = await tenants
                    .OrderByDescending(t => t.CreateTime)
                    .ThenByDescending(t => t.TenantId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListTenantsResponse
                {
                    Tenants = { rows.Take(page.Size).Select(TenantProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, t => t.CreateTime, t => t.TenantId),
                };
            }
        );
    }

    public override Task<V1.UpdateTenantResponse> UpdateTenant(
        V1.UpdateTenantRequest request,
        ServerCallContext context
    )
    {
        var change = TenantProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var tenant = await FindAsync(db, context);
                Etag.Require(request.Etag, tenant.Version, "tenant");
                tenant.Change(change);
                await db.SaveChangesAsync(context.CancellationToken);
                return new V1.UpdateTenantResponse { Tenant = TenantProto.Write(tenant) };
            }
        );
    }

    public override async Task<V1.CloseTenantResponse> CloseTenant(
        V1.CloseTenantRequest request,
        ServerCallContext context
    )
    {
        var reason = TenantProto.ReadReason(request);
        var response = await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var tenant = await closeTenant.RunAsync(
                    db,
                    await FindAsync(db, context),
                    reason,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.CloseTenantResponse { Tenant = TenantProto.Write(tenant) };
            }
        );
        TenantLog.Closed(log, response.Tenant.TenantId);
        return response;
    }

    private static async Task<Tenant> FindAsync(KalisecuDb db, ServerCallContext context)
    {
        var id = Caller.Of(context).Tenant;
        return await db.Set<Tenant>().SingleOrDefaultAsync(t => t.TenantId == id, context.CancellationToken)
            ?? throw GeneralErrors.NotFound("tenant", id);
    }
}
