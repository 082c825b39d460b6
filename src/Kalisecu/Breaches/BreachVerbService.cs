using Grpc.Core;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Breaches;

/// <summary>The steps of the procedure.</summary>
internal sealed partial class BreachService
{
    public override Task<V1.RecordAwarenessResponse> RecordAwareness(
        V1.RecordAwarenessRequest request,
        ServerCallContext context
    )
    {
        var (id, awareTime, grounds) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Handle.BecomeAwareAsync(db, breach, awareTime, grounds, actor, context.CancellationToken),
            written => new V1.RecordAwarenessResponse { Breach = written }
        );
    }

    public override Task<V1.AssessBreachResponse> AssessBreach(
        V1.AssessBreachRequest request,
        ServerCallContext context
    )
    {
        var (id, found) = BreachProto.Read(request, clock.GetCurrentInstant());
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) => steps.Handle.AssessAsync(db, breach, found, actor, context.CancellationToken),
            written => new V1.AssessBreachResponse { Breach = written }
        );
    }

    public override Task<V1.DecideNotificationResponse> DecideNotification(
        V1.DecideNotificationRequest request,
        ServerCallContext context
    )
    {
        var (id, decision, reasons) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Handle.DecideAsync(db, breach, decision, reasons, actor, context.CancellationToken),
            written => new V1.DecideNotificationResponse { Breach = written }
        );
    }

    public override Task<V1.FinishNotificationResponse> FinishNotification(
        V1.FinishNotificationRequest request,
        ServerCallContext context
    )
    {
        var (id, delayReasons) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Notify.FinishAsync(db, breach, request.Complete, delayReasons, actor, context.CancellationToken),
            written => new V1.FinishNotificationResponse { Breach = written }
        );
    }

    public override Task<V1.RecordNotificationReceiptResponse> RecordNotificationReceipt(
        V1.RecordNotificationReceiptRequest request,
        ServerCallContext context
    )
    {
        var (id, receipt) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Notify.RecordReceiptAsync(db, breach, receipt, actor, context.CancellationToken),
            written => new V1.RecordNotificationReceiptResponse { Breach = written }
        );
    }

    public override Task<V1.DecideCommunicationResponse> DecideCommunication(
        V1.DecideCommunicationRequest request,
        ServerCallContext context
    )
    {
        var (id, communication, reasons) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Handle.DecideCommunicationAsync(
                    db,
                    breach,
                    communication,
                    reasons,
                    actor,
                    context.CancellationToken
                ),
            written => new V1.DecideCommunicationResponse { Breach = written }
        );
    }

    public override async Task<V1.FindAffectedResponse> FindAffected(
        V1.FindAffectedRequest request,
        ServerCallContext context
    )
    {
        var (id, tenantIds) = BreachProto.Read(request);
        var stores = steps.Affected.Stores(request.Stores);
        // The search sees restricted persons, which the transaction of the call does not.
        await ReadAsync(
            context,
            id,
            (_, breach) =>
            {
                breach.RequireSearchable();
                return Task.FromResult(true);
            }
        );
        var found = await steps.Affected.SearchAsync(stores, tenantIds, context.CancellationToken);
        return await _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Affected.RecordAsync(db, breach, (stores, tenantIds, found), actor, context.CancellationToken),
            written => new V1.FindAffectedResponse { Breach = written }
        );
    }

    public override Task<V1.TellPersonsResponse> TellPersons(V1.TellPersonsRequest request, ServerCallContext context)
    {
        var (id, wording) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Ask.RunAsync(db, breach, (BreachAudience.Person, wording), actor, context.CancellationToken),
            written => new V1.TellPersonsResponse { Breach = written }
        );
    }

    public override Task<V1.TellClientsResponse> TellClients(V1.TellClientsRequest request, ServerCallContext context)
    {
        var (id, wording) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) =>
                steps.Ask.RunAsync(db, breach, (BreachAudience.Client, wording), actor, context.CancellationToken),
            written => new V1.TellClientsResponse { Breach = written }
        );
    }

    public override Task<V1.AcknowledgeBreachAlarmResponse> AcknowledgeBreachAlarm(
        V1.AcknowledgeBreachAlarmRequest request,
        ServerCallContext context
    )
    {
        var id = BreachProto.ReadId(request.BreachId);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) => steps.Handle.AcknowledgeAsync(db, breach, actor, context.CancellationToken),
            written => new V1.AcknowledgeBreachAlarmResponse { Breach = written }
        );
    }

    public override Task<V1.CloseBreachResponse> CloseBreach(V1.CloseBreachRequest request, ServerCallContext context)
    {
        var (id, lessons) = BreachProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, breach, actor) => steps.Handle.CloseAsync(db, breach, lessons, actor, context.CancellationToken),
            written => new V1.CloseBreachResponse { Breach = written }
        );
    }
}
