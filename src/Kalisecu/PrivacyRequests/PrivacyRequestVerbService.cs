using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>The verbs of requests.</summary>
internal sealed partial class PrivacyRequestService
{
    private const int LongestReason = 2000;
    private const int LongestText = 4000;

    public override async Task<V1.AddRequestSubjectResponse> AddRequestSubject(
        V1.AddRequestSubjectRequest request,
        ServerCallContext context
    )
    {
        var (id, personId) = PrivacyRequestProto.ReadIds(request.PrivacyRequestId, request.PersonId, "person_id");
        var person =
            await verbs.Persons.FindAsync(personId, context.CancellationToken)
            ?? throw GeneralErrors.NotFound("person", personId);
        return await _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) => requests.AddSubjectAsync(db, found, person, actor, context.CancellationToken),
            written => new V1.AddRequestSubjectResponse { PrivacyRequest = written }
        );
    }

    public override Task<V1.AcknowledgePrivacyRequestResponse> AcknowledgePrivacyRequest(
        V1.AcknowledgePrivacyRequestRequest request,
        ServerCallContext context
    ) =>
        _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, PrivacyRequestProto.ReadId(request.PrivacyRequestId), request.Etag),
            (db, found, actor) => requests.AcknowledgeAsync(db, found, actor, context.CancellationToken),
            written => new V1.AcknowledgePrivacyRequestResponse { PrivacyRequest = written }
        );

    public override async Task<V1.AskForIdentityResponse> AskForIdentity(
        V1.AskForIdentityRequest request,
        ServerCallContext context
    )
    {
        var (id, question, grounds) = PrivacyRequestProto.Read(request);
        var subjects = request.WithCode
            ? await calls.ReadAsync(context, db => RequestRecords.SubjectsAsync(db, id, context.CancellationToken))
            : [];
        var codeTo = await verbs.Persons.IdentityAsync(
            subjects.Where(s => s.IdentityTime is null).Select(s => s.Person),
            context.CancellationToken
        );
        return await _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) =>
                request.WithCode && codeTo is null
                    ? throw PrivacyRequestErrors.NoKnownAddress(id)
                    : verbs.Identity.AskAsync(db, found, question, grounds, codeTo, actor, context.CancellationToken),
            written => new V1.AskForIdentityResponse { PrivacyRequest = written }
        );
    }

    public override async Task<V1.ConfirmIdentityResponse> ConfirmIdentity(
        V1.ConfirmIdentityRequest request,
        ServerCallContext context
    )
    {
        var (id, code) = PrivacyRequestProto.Read(request);
        var actor = Caller.Of(context).Actor;
        var confirmed = await verbs.Identity.ConfirmByCodeAsync(id, code, actor, context.CancellationToken);
        var due = confirmed.SuspendedDueDate ?? confirmed.DueDate;
        return new V1.ConfirmIdentityResponse { DueDate = LocalDatePattern.Iso.Format(due) };
    }

    public override Task<V1.JudgeIdentityResponse> JudgeIdentity(
        V1.JudgeIdentityRequest request,
        ServerCallContext context
    )
    {
        var (id, grounds) = PrivacyRequestProto.Read(
            request.PrivacyRequestId,
            request.Grounds,
            "grounds",
            10,
            LongestReason
        );
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) => verbs.Identity.JudgeAsync(db, found, grounds, actor, context.CancellationToken),
            written => new V1.JudgeIdentityResponse { PrivacyRequest = written }
        );
    }

    public override Task<V1.ExtendPrivacyRequestResponse> ExtendPrivacyRequest(
        V1.ExtendPrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var (id, reasons) = PrivacyRequestProto.Read(
            request.PrivacyRequestId,
            request.Reasons,
            "reasons",
            10,
            LongestReason
        );
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) => verbs.Answer.ExtendAsync(db, found, reasons, actor, context.CancellationToken),
            written => new V1.ExtendPrivacyRequestResponse { PrivacyRequest = written }
        );
    }

    public override Task<V1.RefusePrivacyRequestResponse> RefusePrivacyRequest(
        V1.RefusePrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var (id, rights, reasons) = PrivacyRequestProto.Read(request);
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) =>
                verbs.Answer.RefuseAsync(db, found, rights, reasons, actor, context.CancellationToken),
            written => new V1.RefusePrivacyRequestResponse { PrivacyRequest = written }
        );
    }

    public override async Task<V1.CompletePrivacyRequestResponse> CompletePrivacyRequest(
        V1.CompletePrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var (id, explanation) = PrivacyRequestProto.Read(
            request.PrivacyRequestId,
            request.Explanation,
            "explanation",
            0,
            LongestText
        );
        var email = await calls.ReadAsync(
            context,
            async db =>
                requests.OpenEmail(await RequestRecords.FindAsync(db, id, person: null, context.CancellationToken))
        );
        var known = await verbs.Persons.FindByEmailAsync(email, context.CancellationToken);
        return await _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) =>
                verbs.Answer.CompleteAsync(db, found, explanation, known.Count, actor, context.CancellationToken),
            written => new V1.CompletePrivacyRequestResponse { PrivacyRequest = written }
        );
    }

    public override Task<V1.WithdrawPrivacyRequestResponse> WithdrawPrivacyRequest(
        V1.WithdrawPrivacyRequestRequest request,
        ServerCallContext context
    )
    {
        var isMember = Caller.Of(context).Person is { IsStaff: false };
        var (id, reasons) = PrivacyRequestProto.Read(
            request.PrivacyRequestId,
            request.Reasons,
            "reasons",
            isMember ? 0 : 10,
            LongestReason
        );
        return _verbs.RunAsync(
            context,
            request,
            new VerbTarget(request.RequestId, id, request.Etag),
            (db, found, actor) => verbs.Answer.WithdrawAsync(db, found, reasons, actor, context.CancellationToken),
            written => new V1.WithdrawPrivacyRequestResponse { PrivacyRequest = written }
        );
    }
}
