using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Consent;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.PrivacyRequests;
using Kalisecu.Tenancy;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

/// <summary>Rectification, restriction and objection; the other halves of this class hold exports and erasures.</summary>
internal sealed partial class RightsService(
    RightsCalls calls,
    AnsweredRequests requests,
    RightsVerbs verbs,
    ExportVerbs exports,
    PlanErasure planErasure
) : V1.RightsService.RightsServiceBase
{
    public override Task<V1.RectifyPersonResponse> RectifyPerson(
        V1.RectifyPersonRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var (requestId, personId) = RightsProto.ReadCase(request.PrivacyRequestId, request.PersonId, violations);
        var values = RightsProto.Read(request, violations);
        violations.ThrowIfAny();
        return CarryOutAsync(
            context,
            request,
            request.RequestId,
            (requestId, personId, Right.Rectification),
            async (db, rights, cancel) =>
                new V1.RectifyPersonResponse
                {
                    Rectification = RightsProto.Write(await verbs.Rectify.RunAsync(db, rights, values, cancel)),
                },
            response => response.Rectification.RectificationId
        );
    }

    public override Task<V1.RestrictPersonResponse> RestrictPerson(
        V1.RestrictPersonRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var (requestId, personId) = RightsProto.ReadCase(request.PrivacyRequestId, request.PersonId, violations);
        var ground = RightsProto.Read(request.Ground, violations);
        violations.ThrowIfAny();
        return CarryOutAsync(
            context,
            request,
            request.RequestId,
            (requestId, personId, Right.Restriction),
            async (db, rights, cancel) =>
                new V1.RestrictPersonResponse
                {
                    Restriction = RightsProto.Write(await verbs.Restrict.RunAsync(db, rights, ground, cancel)),
                },
            response => response.Restriction.RestrictionId
        );
    }

    public override Task<V1.GetRestrictionResponse> GetRestriction(
        V1.GetRestrictionRequest request,
        ServerCallContext context
    )
    {
        var id = RightsProto.ReadId(request.RestrictionId, "restriction_id");
        return calls.ReadAsync(
            context,
            async db => new V1.GetRestrictionResponse
            {
                Restriction = RightsProto.Write(await RightsLists.RestrictionAsync(db, id, context.CancellationToken)),
            }
        );
    }

    public override Task<V1.AnnounceRestrictionLiftingResponse> AnnounceRestrictionLifting(
        V1.AnnounceRestrictionLiftingRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var id = Fields.Id(request.RestrictionId, "restriction_id", violations);
        var reasons = Fields.Text(request.Reasons, "reasons", 1, 2000, violations);
        var date = RightsProto.ReadDate(request.LiftDate, "lift_date", violations);
        violations.ThrowIfAny();
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.AnnounceRestrictionLiftingResponse
            {
                Restriction = RightsProto.Write(
                    await verbs.Lift.AnnounceAsync(
                        db,
                        new LiftingNotice(id, request.Etag, reasons, date, actor),
                        context.CancellationToken
                    )
                ),
            }
        );
    }

    public override Task<V1.LiftRestrictionResponse> LiftRestriction(
        V1.LiftRestrictionRequest request,
        ServerCallContext context
    )
    {
        var id = RightsProto.ReadId(request.RestrictionId, "restriction_id");
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.LiftRestrictionResponse
            {
                Restriction = RightsProto.Write(await verbs.Lift.LiftAsync(db, id, request.Etag, actor, cancel)),
            }
        );
    }

    public override Task<V1.ObjectToProcessingResponse> ObjectToProcessing(
        V1.ObjectToProcessingRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var (requestId, personId) = RightsProto.ReadCase(request.PrivacyRequestId, request.PersonId, violations);
        var purpose = Fields.Text(request.Purpose, "purpose", 2, 40, violations);
        violations.ThrowIfAny();
        // An open one is recorded too: it takes back what the request's other objections have come to.
        return CarryOutAsync(
            context,
            request,
            request.RequestId,
            (requestId, personId, Right.Objection),
            async (db, rights, cancel) =>
                new V1.ObjectToProcessingResponse
                {
                    Objection = verbs.Objections.Write(await verbs.Objections.RaiseAsync(db, rights, purpose, cancel)),
                },
            response => response.Objection.ObjectionId
        );
    }

    public override async Task<V1.DecideObjectionResponse> DecideObjection(
        V1.DecideObjectionRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var id = Fields.Id(request.ObjectionId, "objection_id", violations);
        var grounds = Fields.Text(request.CompellingGrounds, "compelling_grounds", 0, 4000, violations);
        violations.ThrowIfAny();
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        var response = await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var decided = await verbs.Objections.DecideAsync(
                    db,
                    id,
                    request.Etag,
                    grounds.Length > 0 ? grounds : null,
                    actor,
                    cancel
                );
                return new V1.DecideObjectionResponse { Objection = verbs.Objections.Write(decided) };
            }
        );
        await RecordAsync(response.Objection, cancel);
        return response;
    }

    public override async Task<V1.WithdrawObjectionResponse> WithdrawObjection(
        V1.WithdrawObjectionRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var purpose = Fields.Text(request.Purpose, "purpose", 2, 40, violations);
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        var personId = ConsentProto.ReadPerson(request.PersonId, caller, violations);
        violations.ThrowIfAny();
        var response = await calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var person =
                    await PersonDirectory.FindAsync(db, personId, cancel)
                    ?? throw GeneralErrors.NotFound("person", personId);
                var ended = await verbs.Objections.WithdrawAsync(db, person, purpose, caller.Actor, cancel);
                return new V1.WithdrawObjectionResponse { Objection = verbs.Objections.Write(ended) };
            }
        );
        await RecordAsync(response.Objection, cancel);
        return response;
    }

    private Task RecordAsync(V1.Objection objection, CancellationToken cancellationToken) =>
        requests.RecordAsync(
            Guid.Parse(objection.PrivacyRequestId),
            Right.Objection,
            Guid.Parse(objection.ObjectionId),
            cancellationToken
        );

    /// <summary>Carries out a right for one person, and then records with the request what came of it.</summary>
    private async Task<TResponse> CarryOutAsync<TResponse>(
        ServerCallContext context,
        IMessage request,
        string requestId,
        (Guid PrivacyRequestId, Guid PersonId, Right Right) asked,
        Func<KalisecuDb, RightsCase, CancellationToken, Task<TResponse>> act,
        Func<TResponse, string> outcomeId
    )
        where TResponse : IMessage<TResponse>, new()
    {
        var cancel = context.CancellationToken;
        var response = await calls.ChangeAsync(
            context,
            request,
            requestId,
            async db => await act(db, await CaseAsync(db, context, asked), cancel)
        );
        await requests.RecordAsync(asked.PrivacyRequestId, asked.Right, Guid.Parse(outcomeId(response)), cancel);
        return response;
    }

    private static async Task<RightsCase> CaseAsync(
        KalisecuDb db,
        ServerCallContext context,
        (Guid PrivacyRequestId, Guid PersonId, Right Right) asked
    )
    {
        var rights = await RightsCalls.CaseAsync(db, context, asked.PrivacyRequestId, asked.PersonId);
        await AnsweredRequests.RequireAsync(db, rights, asked.Right, context.CancellationToken);
        return rights;
    }
}

/// <summary>What can be done for a person, for the service.</summary>
internal sealed record RightsVerbs(
    RectifyPerson Rectify,
    RestrictPerson Restrict,
    LiftRestriction Lift,
    ObjectToProcessing Objections,
    RecordToldRecipient Told
);

/// <summary>What can be done with copies of data, for the service.</summary>
internal sealed record ExportVerbs(CreateExport Create, ExportLinks Links, ExportLetter Letter, ReadExport Read);
