using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Consent;

internal sealed class ConsentService(
    Calls calls,
    ConsentLedger ledger,
    ProcessingCheck check,
    WriteReceipt receipts,
    IClock clock
) : V1.ConsentService.ConsentServiceBase
{
    public override Task<V1.GiveConsentResponse> GiveConsent(V1.GiveConsentRequest request, ServerCallContext context)
    {
        var word = ConsentProto.Read(request, Caller.Of(context), clock.GetCurrentInstant());
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.GiveConsentResponse { Event = await AppendAsync(db, word, context) }
        );
    }

    public override Task<V1.RefuseConsentResponse> RefuseConsent(
        V1.RefuseConsentRequest request,
        ServerCallContext context
    )
    {
        var word = ConsentProto.Read(request, Caller.Of(context), clock.GetCurrentInstant());
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.RefuseConsentResponse { Event = await AppendAsync(db, word, context) }
        );
    }

    public override Task<V1.WithdrawConsentResponse> WithdrawConsent(
        V1.WithdrawConsentRequest request,
        ServerCallContext context
    )
    {
        var word = ConsentProto.Read(request, Caller.Of(context), clock.GetCurrentInstant());
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.WithdrawConsentResponse { Event = await AppendAsync(db, word, context) }
        );
    }

    public override Task<V1.GetConsentStateResponse> GetConsentState(
        V1.GetConsentStateRequest request,
        ServerCallContext context
    )
    {
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        var (person, purpose, moment) = ConsentProto.Read(request, caller, clock.GetCurrentInstant());
        return calls.ReadAsync(
            context,
            async db =>
            {
                await ConsentPersons.RequireAsync(db, caller.Tenant, person, cancel);
                var state = await ConsentHistory.StateAsync(db, caller.Tenant, person, purpose, moment, cancel);
                return ConsentProto.Write(state);
            }
        );
    }

    public override Task<V1.ListConsentEventsResponse> ListConsentEvents(
        V1.ListConsentEventsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        var purpose = request.Purpose.Length == 0 ? "" : PurposeProto.ReadName(request.Purpose, "purpose", violations);
        var filter = new V1.ListConsentEventsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, ConsentHistory.KeyCount, filter, violations);
        var person = ConsentProto.ReadPerson(request.PersonId, caller, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                await ConsentPersons.RequireAsync(db, caller.Tenant, person, cancel);
                var (events, next) = await ConsentHistory.ListAsync(db, caller.Tenant, person, purpose, page, cancel);
                return new V1.ListConsentEventsResponse
                {
                    Events = { events.Select(ConsentProto.Write) },
                    NextPageToken = next,
                };
            }
        );
    }

    public override Task<V1.GetReceiptResponse> GetReceipt(V1.GetReceiptRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var eventId = Fields.Id(request.EventId, "event_id", violations);
        violations.ThrowIfAny();
        var caller = Caller.Of(context);
        return calls.ReadAsync(
            context,
            async db => new V1.GetReceiptResponse
            {
                Receipt = await receipts.RunAsync(db, caller, eventId, context.CancellationToken),
            }
        );
    }

    public override Task<V1.GetReceiptKeysResponse> GetReceiptKeys(
        V1.GetReceiptKeysRequest request,
        ServerCallContext context
    ) => Task.FromResult(new V1.GetReceiptKeysResponse { Jwks = receipts.PublishedKeys });

    public override async Task<V1.CheckProcessingResponse> CheckProcessing(
        V1.CheckProcessingRequest request,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        var (person, purpose) = ConsentProto.Read(request, caller);
        return ConsentProto.Write(await check.CheckAsync(caller.Tenant, person, purpose, context.CancellationToken));
    }

    private async Task<V1.ConsentEvent> AppendAsync(KalisecuDb db, ConsentWord word, ServerCallContext context) =>
        ConsentProto.Write(await ledger.AppendAsync(db, word, Caller.Of(context).Actor, context.CancellationToken));
}
