using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Consent;

internal sealed class PurposeService(Calls calls, Purposes purposes) : V1.PurposeService.PurposeServiceBase
{
    public override Task<V1.ListPurposesResponse> ListPurposes(
        V1.ListPurposesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, new V1.ListPurposesRequest(), violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var query = Purposes.Newest(db);
                if (page.After is [var last])
                {
                    query = query.Where(p => string.Compare(p.Purpose, last) > 0);
                }

                var rows = await query.Take(page.Size + 1).ToListAsync(context.CancellationToken);
                return new V1.ListPurposesResponse
                {
                    Purposes = { rows.Take(page.Size).Select(PurposeProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => [r.Purpose]),
                };
            }
        );
    }

    public override Task<V1.GetPurposeResponse> GetPurpose(V1.GetPurposeRequest request, ServerCallContext context)
    {
        var (purpose, version) = PurposeProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var found =
                    version == 0
                        ? await purposes.CurrentAsync(db, purpose, context.CancellationToken)
                        : await Purposes.FindAsync(db, purpose, version, context.CancellationToken);
                return new V1.GetPurposeResponse { Purpose = PurposeProto.Write(found) };
            }
        );
    }

    public override Task<V1.DefinePurposeResponse> DefinePurpose(
        V1.DefinePurposeRequest request,
        ServerCallContext context
    )
    {
        var draft = PurposeProto.Read(request);
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.DefinePurposeResponse
            {
                Purpose = PurposeProto.Write(await purposes.DefineAsync(db, draft, actor, context.CancellationToken)),
            }
        );
    }
}
