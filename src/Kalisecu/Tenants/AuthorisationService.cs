using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

internal sealed class AuthorisationService(
    Calls calls,
    Authorisations authorisations,
    ObjectFolder objects,
    KeyRing keys,
    IClock clock
) : V1.AuthorisationService.AuthorisationServiceBase
{
    public override async Task<V1.CreateAuthorisationResponse> CreateAuthorisation(
        IAsyncStreamReader<V1.CreateAuthorisationRequest> requestStream,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        var upload = new AuthorisationUpload(requestStream);
        var header = await upload.ReadHeaderAsync(context.CancellationToken);
        var draft = AuthorisationProto.Read(header, clock.GetCurrentInstant());

        // Before anybody sends 20 MB in vain; asked again when the row is written.
        await calls.ReadAsync(context, db => Sites.FindAsync(db, draft.SiteId, context.CancellationToken));
        await using var document = await objects.PrepareAsync(
            caller.Tenant,
            destination => upload.CopyToAsync(destination, context.CancellationToken),
            AuthorisationUpload.MaximumBytes,
            context.CancellationToken
        );
        return await calls.ChangeAsync(
            context,
            Repeatable(header, document.Object),
            header.RequestId,
            async db =>
            {
                var recorded = await authorisations.RecordAsync(
                    db,
                    draft,
                    document,
                    caller.Actor,
                    context.CancellationToken
                );
                return new V1.CreateAuthorisationResponse { Authorisation = Write(recorded) };
            }
        );
    }

    public override Task<V1.GetAuthorisationResponse> GetAuthorisation(
        V1.GetAuthorisationRequest request,
        ServerCallContext context
    )
    {
        var id = AuthorisationProto.ReadId(request.AuthorisationId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var found = await Authorisations.FindAsync(db, id, context.CancellationToken);
                return new V1.GetAuthorisationResponse { Authorisation = Write(found) };
            }
        );
    }

    public override Task<V1.ListAuthorisationsResponse> ListAuthorisations(
        V1.ListAuthorisationsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var siteId = Fields.OptionalId(request.SiteId, "site_id", violations);
        var states = AuthorisationProto.ReadStates(request.States, violations);
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
                var query = db.Set<Authorisation>()
                    .AsNoTracking()
                    .Include(a => a.Signer)
                    .Where(a => a.TenantId == tenantId && (siteId == null || a.SiteId == siteId));
                query = AuthorisationStates.Only(query, states, clock.GetCurrentInstant());
                if (page.After is { } after)
                {
                    var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    query = query.Where(a =>
                        EF.Functions.LessThan(
                            ValueTuple.Create(a.CreateTime, a.AuthorisationId),
                            ValueTuple.Create(time, id)
                        )
                    );
                }

                var rows = await query
                    .OrderByDescending(a => a.CreateTime)
                    .ThenByDescending(a => a.AuthorisationId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListAuthorisationsResponse
                {
                    Authorisations = { rows.Take(page.Size).Select(Write) },
                    NextPageToken = PageKeys.Next(page, rows, a => a.CreateTime, a => a.AuthorisationId),
                };
            }
        );
    }

    public override Task<V1.RevokeAuthorisationResponse> RevokeAuthorisation(
        V1.RevokeAuthorisationRequest request,
        ServerCallContext context
    )
    {
        var (id, reason) = AuthorisationProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var actor = Caller.Of(context).Actor;
                var revoked = await authorisations.RevokeAsync(db, id, reason, actor, context.CancellationToken);
                return new V1.RevokeAuthorisationResponse { Authorisation = Write(revoked) };
            }
        );
    }

    public override async Task DownloadAuthorisationDocument(
        V1.DownloadAuthorisationDocumentRequest request,
        IServerStreamWriter<V1.DownloadAuthorisationDocumentResponse> responseStream,
        ServerCallContext context
    )
    {
        var id = AuthorisationProto.ReadId(request.AuthorisationId);
        var found = await calls.ReadAsync(context, db => Authorisations.FindAsync(db, id, context.CancellationToken));
        await using var destination = new ChunkStream(chunk =>
            responseStream.WriteAsync(
                new V1.DownloadAuthorisationDocumentResponse { Chunk = ByteString.CopyFrom(chunk.Span) },
                context.CancellationToken
            )
        );
        await objects.ReadAsync(found.TenantId, found.DocumentObject, destination, context.CancellationToken);
    }

    /// <summary>What a repeat must be equal to: the header, and the digest in place of the document.</summary>
    private static BytesValue Repeatable(V1.AuthorisationHeader header, StoredObject document) =>
        new() { Value = ByteString.CopyFrom([.. header.ToByteArray(), .. document.Digest]) };

    private V1.Authorisation Write(Authorisation authorisation) =>
        AuthorisationProto.Write(authorisation, keys.For(authorisation.TenantId), clock.GetCurrentInstant());
}
