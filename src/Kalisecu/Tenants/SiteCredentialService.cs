using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenants;

internal sealed partial class SiteService
{
    public override Task<V1.SetSiteCredentialResponse> SetSiteCredential(
        V1.SetSiteCredentialRequest request,
        ServerCallContext context
    )
    {
        var draft = SiteCredentialProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var credential = await credentials.SetAsync(
                    db,
                    draft,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.SetSiteCredentialResponse { Credential = SiteCredentialProto.Write(credential) };
            }
        );
    }

    public override Task<V1.ListSiteCredentialsResponse> ListSiteCredentials(
        V1.ListSiteCredentialsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var siteId = Fields.Id(request.SiteId, "site_id", violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var site = await Sites.FindAsync(db, siteId, context.CancellationToken);
                var query = SiteCredentials.Of(db, site.TenantId, siteId).AsNoTracking();
                if (page.After is [var after])
                {
                    query = query.Where(c => string.Compare(c.Name, after) > 0);
                }

                var rows = await query.OrderBy(c => c.Name).Take(page.Size + 1).ToListAsync(context.CancellationToken);
                return new V1.ListSiteCredentialsResponse
                {
                    Credentials = { rows.Take(page.Size).Select(SiteCredentialProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => [r.Name]),
                };
            }
        );
    }

    public override Task<V1.RemoveSiteCredentialResponse> RemoveSiteCredential(
        V1.RemoveSiteCredentialRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var siteId = Fields.Id(request.SiteId, "site_id", violations);
        var credentialId = Fields.Id(request.CredentialId, "credential_id", violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                await credentials.RemoveAsync(
                    db,
                    siteId,
                    credentialId,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.RemoveSiteCredentialResponse();
            }
        );
    }

    public override Task<V1.RevealSiteCredentialResponse> RevealSiteCredential(
        V1.RevealSiteCredentialRequest request,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        var draft = SiteCredentialProto.Read(request, caller);
        return calls.ReadAsync(context, db => reveal.RunAsync(db, draft, caller, context.CancellationToken));
    }
}
