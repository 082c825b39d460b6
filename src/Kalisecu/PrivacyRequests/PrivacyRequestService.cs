using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Objects;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>Intake and reading of requests; their answers stand in the other half of this class.</summary>
internal sealed partial class PrivacyRequestService(
    Calls calls,
    ReceivePrivacyRequest receive,
    RequestOriginals originals,
    RequestRecords requests,
    RequestVerbs verbs,
    RequestLists lists,
    ObjectFolder objects,
    IClock clock
) : V1.PrivacyRequestService.PrivacyRequestServiceBase
{
    private readonly VerbCalls<PrivacyRequest, V1.PrivacyRequest> _verbs = new(
        calls,
        (db, target, caller, cancel) => RequestRecords.FindAsync(db, target.Id, target.Etag, caller.Person, cancel),
        (db, found, caller, cancel) => lists.WriteAsync(db, found, caller.Person, cancel)
    );

    public override async Task<V1.CreatePrivacyRequestResponse> CreatePrivacyRequest(
        V1.CreatePrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var (rights, details, language) = PrivacyRequestProto.Read(request);
        var caller = Caller.Of(context);
        var intake = await receive.PrepareAsync(
            caller.Person!,
            rights,
            details,
            language,
            request.Everywhere,
            context.CancellationToken
        );
        return await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var made = await receive.FromMemberAsync(db, intake, caller.Actor, context.CancellationToken);
                return new V1.CreatePrivacyRequestResponse
                {
                    PrivacyRequest = await lists.WriteAsync(db, made, caller.Person, context.CancellationToken),
                };
            }
        );
    }

    public override async Task<V1.ReceivePrivacyRequestResponse> ReceivePrivacyRequest(
        V1.ReceivePrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var draft = PrivacyRequestProto.Read(request, clock.GetCurrentInstant());
        var caller = Caller.Of(context);
        var persons = await receive.FindAsync(draft, context.CancellationToken);
        return await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var made = await requests.ReceiveAsync(db, draft, persons, caller.Actor, context.CancellationToken);
                return new V1.ReceivePrivacyRequestResponse
                {
                    PrivacyRequest = await lists.WriteAsync(db, made, caller.Person, context.CancellationToken),
                };
            }
        );
    }

    public override async Task<V1.AttachRequestOriginalResponse> AttachRequestOriginal(
        IAsyncStreamReader<V1.AttachRequestOriginalRequest> requestStream,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        var upload = new OriginalUpload(requestStream);
        var header = await upload.ReadHeaderAsync(context.CancellationToken);
        var (id, fileName) = PrivacyRequestProto.Read(header);

        // Before anybody sends 20 MB in vain; asked again when the row is written.
        await calls.ReadAsync(
            context,
            db => RequestRecords.FindAsync(db, id, caller.Person, context.CancellationToken)
        );
        await using var document = await objects.PrepareAsync(
            TenantScope.Platform,
            destination => upload.CopyToAsync(destination, fileName, context.CancellationToken),
            OriginalUpload.MaximumBytes,
            context.CancellationToken
        );
        return await calls.ChangeAsync(
            context,
            new BytesValue { Value = ByteString.CopyFrom([.. header.ToByteArray(), .. document.Object.Digest]) },
            header.RequestId,
            async db =>
            {
                var changed = await originals.AttachAsync(
                    db,
                    id,
                    fileName,
                    upload.MediaType,
                    document,
                    caller.Actor,
                    context.CancellationToken
                );
                return new V1.AttachRequestOriginalResponse
                {
                    PrivacyRequest = await lists.WriteAsync(db, changed, caller.Person, context.CancellationToken),
                };
            }
        );
    }

    public override async Task DownloadRequestOriginal(
        V1.DownloadRequestOriginalRequest request,
        IServerStreamWriter<V1.DownloadRequestOriginalResponse> responseStream,
        ServerCallContext context
    )
    {
        var (id, originalId) = PrivacyRequestProto.ReadIds(request.PrivacyRequestId, request.OriginalId, "original_id");
        var found = await calls.ReadAsync(
            context,
            db => RequestOriginals.FindAsync(db, id, originalId, context.CancellationToken)
        );
        await using var destination = new ChunkStream(chunk =>
            responseStream.WriteAsync(
                new V1.DownloadRequestOriginalResponse { Chunk = ByteString.CopyFrom(chunk.Span) },
                context.CancellationToken
            )
        );
        await objects.ReadAsync(found.TenantId, found.DocumentObject, destination, context.CancellationToken);
    }

    public override Task<V1.GetPrivacyRequestResponse> GetPrivacyRequest(
        V1.GetPrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var id = PrivacyRequestProto.ReadId(request.PrivacyRequestId);
        var person = Caller.Of(context).Person;
        return calls.ReadAsync(
            context,
            async db =>
            {
                var found = await RequestRecords.FindAsync(db, id, person, context.CancellationToken);
                return new V1.GetPrivacyRequestResponse
                {
                    PrivacyRequest = await lists.WriteAsync(db, found, person, context.CancellationToken),
                };
            }
        );
    }

    public override Task<V1.ListPrivacyRequestsResponse> ListPrivacyRequests(
        V1.ListPrivacyRequestsRequest request,
        ServerCallContext context
    )
    {
        var filter = PrivacyRequestProto.Read(request);
        var person = Caller.Of(context).Person;
        return calls.ReadAsync(
            context,
            async db =>
            {
                var (page, token) = await lists.ListAsync(db, filter, person, context.CancellationToken);
                return new V1.ListPrivacyRequestsResponse { PrivacyRequests = { page }, NextPageToken = token };
            }
        );
    }
}
