using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

internal sealed partial class RightsService
{
    // Contract of FetchExport.
    private const int MaximumChunk = 65_536;

    public override Task<V1.CreateExportResponse> CreateExport(
        V1.CreateExportRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var (requestId, personId) = RightsProto.ReadCase(request.PrivacyRequestId, request.PersonId, violations);
        var kind = RightsProto.Read(request.Kind, violations);
        var language = RightsProto.Read(request.Language, violations);
        var format = RightsProto.ReadLinkFormat(request, violations);
        violations.ThrowIfAny();
        var right = kind is ExportKind.Access ? Right.Access : Right.Portability;
        return CarryOutAsync(
            context,
            request,
            request.RequestId,
            (requestId, personId, right),
            async (db, rights, cancel) =>
            {
                var export = await exports.Create.RunAsync(db, rights, kind, language, cancel);
                var link = await exports.Letter.PostAsync(db, export, format, rights.Actor, cancel);
                return new V1.CreateExportResponse { Export = RightsProto.Write(export), Posted = link is not null };
            },
            response => response.Export.ExportId
        );
    }

    public override Task<V1.GetExportResponse> GetExport(V1.GetExportRequest request, ServerCallContext context)
    {
        var id = RightsProto.ReadId(request.ExportId, "export_id");
        return calls.ReadAsync(
            context,
            async db => new V1.GetExportResponse { Export = RightsProto.Write(await OwnAsync(db, id, context)) }
        );
    }

    public override Task<V1.ListExportsResponse> ListExports(V1.ListExportsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var requestId = Fields.OptionalId(request.PrivacyRequestId, "privacy_request_id", violations);
        var member = MemberOf(context);
        var filter = new V1.ListExportsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await RightsLists
                    .Exports(db, requestId, member, page.After)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListExportsResponse
                {
                    NextPageToken = PageKeys.Next(page, rows, e => e.CreateTime, e => e.ExportId),
                };
                response.Exports.AddRange(rows.Take(page.Size).Select(RightsProto.Write));
                return response;
            }
        );
    }

    public override Task<V1.CreateExportLinkResponse> CreateExportLink(
        V1.CreateExportLinkRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var id = Fields.Id(request.ExportId, "export_id", violations);
        var format = RightsProto.Read(request.Format, "format", violations);
        violations.ThrowIfAny();
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var export = await OwnAsync(db, id, context);
                if (request.Post)
                {
                    var posted =
                        await exports.Letter.PostAsync(db, export, format, actor, cancel)
                        ?? throw PrivacyRequestErrors.NoKnownAddress(export.PrivacyRequestId);
                    return new V1.CreateExportLinkResponse { ExpireTime = Fields.Write(posted.ExpireTime) };
                }

                var (link, token) = await exports.Links.CreateAsync(db, export, format, actor, cancel);
                return new V1.CreateExportLinkResponse { Token = token, ExpireTime = Fields.Write(link.ExpireTime) };
            }
        );
    }

    public override async Task FetchExport(
        V1.FetchExportRequest request,
        IServerStreamWriter<V1.FetchExportResponse> responseStream,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var token = Fields.Text(request.Token, "token", 43, 43, violations);
        violations.ThrowIfAny();
        var cancel = context.CancellationToken;
        var (export, link) = await exports.Links.FetchAsync(token, Caller.Of(context).Actor, cancel);
        var (type, name) = ReadExport.Describe(export, link.Format);
        var isStarted = false;
        await using var file = new ChunkStream(async bytes =>
        {
            while (!bytes.IsEmpty)
            {
                var length = Math.Min(bytes.Length, MaximumChunk);

                // Written out when the call returns, so nobody changes the bytes under it.
                var message = new V1.FetchExportResponse { Chunk = UnsafeByteOperations.UnsafeWrap(bytes[..length]) };
                if (!isStarted)
                {
                    (message.ContentType, message.FileName, isStarted) = (type, name, true);
                }

                await responseStream.WriteAsync(message, cancel);
                bytes = bytes[length..];
            }
        });
        await exports.Read.RunAsync(export, link.Format, file, cancel);
    }

    private static async Task<DataExport> OwnAsync(KalisecuDb db, Guid exportId, ServerCallContext context)
    {
        var export = await ExportLinks.FindAsync(db, exportId, context.CancellationToken);
        return MemberOf(context) is { } member && export.PersonId != member
            ? throw GeneralErrors.NotFound("export", exportId)
            : export;
    }

    /// <summary>The member who calls; null for staff.</summary>
    private static Guid? MemberOf(ServerCallContext context) =>
        Caller.Of(context).Person is { IsStaff: false } member ? member.PersonId : null;
}
