using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

internal sealed class LegalHoldService(Calls calls, PlaceHolds holds, KeepingRules rules, IClock clock)
    : V1.LegalHoldService.LegalHoldServiceBase
{
    public override Task<V1.PlaceLegalHoldResponse> PlaceLegalHold(
        V1.PlaceLegalHoldRequest request,
        ServerCallContext context
    )
    {
        var (caller, now) = (Caller.Of(context), clock.GetCurrentInstant());
        var draft = LegalHoldProto.Read(request, caller, rules, now);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var hold = await holds.PlaceAsync(db, draft, caller.Actor, context.CancellationToken);
                return new V1.PlaceLegalHoldResponse { Hold = LegalHoldProto.Write(hold, now) };
            }
        );
    }

    public override Task<V1.ReviewLegalHoldResponse> ReviewLegalHold(
        V1.ReviewLegalHoldRequest request,
        ServerCallContext context
    )
    {
        var (caller, now) = (Caller.Of(context), clock.GetCurrentInstant());
        var violations = new Violations();
        var id = LegalHoldProto.ReadId(request.HoldId, violations);
        var next = LegalHoldProto.ReadReview(request.ReviewDate, now, violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var hold = await holds.ReviewAsync(db, id, next, caller.Actor, context.CancellationToken);
                return new V1.ReviewLegalHoldResponse { Hold = LegalHoldProto.Write(hold, now) };
            }
        );
    }

    public override Task<V1.ReleaseLegalHoldResponse> ReleaseLegalHold(
        V1.ReleaseLegalHoldRequest request,
        ServerCallContext context
    )
    {
        var (caller, now) = (Caller.Of(context), clock.GetCurrentInstant());
        var violations = new Violations();
        var id = LegalHoldProto.ReadId(request.HoldId, violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var hold = await holds.ReleaseAsync(db, id, caller.Actor, context.CancellationToken);
                return new V1.ReleaseLegalHoldResponse { Hold = LegalHoldProto.Write(hold, now) };
            }
        );
    }

    public override Task<V1.ListLegalHoldsResponse> ListLegalHolds(
        V1.ListLegalHoldsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var filter = new V1.ListLegalHoldsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var found = db.Set<LegalHold>().AsNoTracking();
                found = request.Released ? found : found.Where(h => h.ReleaseTime == null);
                if (page.After is { } after)
                {
                    var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    found = found.Where(h => EF.Functions.LessThan(ValueTuple.Create(h.PlaceTime, h.HoldId), last));
                }

                var rows = await found
                    .OrderByDescending(h => h.PlaceTime)
                    .ThenByDescending(h => h.HoldId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListLegalHoldsResponse
                {
                    Holds = { rows.Take(page.Size).Select(h => LegalHoldProto.Write(h, clock.GetCurrentInstant())) },
                    NextPageToken = PageKeys.Next(page, rows, h => h.PlaceTime, h => h.HoldId),
                };
            }
        );
    }
}
