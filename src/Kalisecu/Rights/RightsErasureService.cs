using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

internal sealed partial class RightsService
{
    public override Task<V1.PlanErasureResponse> PlanErasure(V1.PlanErasureRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var (requestId, personId) = RightsProto.ReadCase(request.PrivacyRequestId, request.PersonId, violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var rights = await CaseAsync(db, context, (requestId, personId, Right.Erasure));
                var planned = await planErasure.PlanAsync(db, rights, context.CancellationToken);
                return new V1.PlanErasureResponse { Erasure = await WriteAsync(db, planned, context) };
            }
        );
    }

    public override Task<V1.GetErasureResponse> GetErasure(V1.GetErasureRequest request, ServerCallContext context)
    {
        var id = RightsProto.ReadId(request.ErasureId, "erasure_id");
        return calls.ReadAsync(
            context,
            async db =>
            {
                var erasure = await RightsLists.ErasureAsync(db, id, context.CancellationToken);
                return new V1.GetErasureResponse { Erasure = await WriteAsync(db, erasure, context) };
            }
        );
    }

    public override Task<V1.ListErasuresResponse> ListErasures(
        V1.ListErasuresRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var requestId = Fields.OptionalId(request.PrivacyRequestId, "privacy_request_id", violations);
        var filter = new V1.ListErasuresRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await RightsLists
                    .Erasures(db, requestId, page.After)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListErasuresResponse
                {
                    NextPageToken = PageKeys.Next(page, rows, e => e.PlanTime, e => e.ErasureId),
                };
                response.Erasures.AddRange(rows.Take(page.Size).Select(e => ErasureProto.Write(e, [])));
                return response;
            }
        );
    }

    public override Task<V1.ApproveErasureResponse> ApproveErasure(
        V1.ApproveErasureRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var id = Fields.Id(request.ErasureId, "erasure_id", violations);
        violations.Check(request.PlanEtag.Length > 0, "plan_etag", "must be that of the plan that was read");
        violations.ThrowIfAny();
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var erasure = await planErasure.ApproveAsync(db, id, request.PlanEtag, actor, cancel);
                return new V1.ApproveErasureResponse { Erasure = await WriteAsync(db, erasure, context) };
            }
        );
    }

    public override Task<V1.CancelErasureResponse> CancelErasure(
        V1.CancelErasureRequest request,
        ServerCallContext context
    )
    {
        var id = RightsProto.ReadId(request.ErasureId, "erasure_id");
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var erasure = await planErasure.CancelAsync(db, id, request.Etag, actor, cancel);
                return new V1.CancelErasureResponse { Erasure = await WriteAsync(db, erasure, context) };
            }
        );
    }

    private static async Task<V1.Erasure> WriteAsync(KalisecuDb db, Erasure erasure, ServerCallContext context)
    {
        var steps = await CompleteErasure
            .StepsOf(db, erasure.TenantId, erasure.ErasureId)
            .ToListAsync(context.CancellationToken);
        var holds = erasure is { State: ErasureState.Planned or ErasureState.Approved, IsStillUndone: true }
            ? await ErasureHolds.FindAsync(db, [erasure.Person], context.CancellationToken)
            : null;
        return ErasureProto.Write(erasure, steps, holds?.GetValueOrDefault(erasure.Person) ?? "");
    }
}
