using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Accounts;

internal sealed class SessionService(
    Calls calls,
    SigningIn signingIn,
    ChangingOwn own,
    FindSessions sessions,
    KeyRing keys
) : V1.SessionService.SessionServiceBase
{
    public override async Task<V1.SignInResponse> SignIn(V1.SignInRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var attempt = SessionProto.Read(request, keys, caller.Name);
        signingIn.Limits.Demand(caller);
        signingIn.Limits.Demand(attempt.EmailHash);
        return SessionProto.Write(await signingIn.SignIn.RunAsync(attempt, context.CancellationToken));
    }

    public override async Task<V1.SignOutResponse> SignOut(V1.SignOutRequest request, ServerCallContext context)
    {
        var person = PersonOf(context);
        return await calls.ReadAsync(
            context,
            async db =>
            {
                await sessions.EndAsync(db, person, person.SessionId, context.CancellationToken);
                return new V1.SignOutResponse();
            }
        );
    }

    public override async Task<V1.GetSessionResponse> GetSession(
        V1.GetSessionRequest request,
        ServerCallContext context
    ) =>
        new()
        {
            Session = await calls.ReadAsync(
                context,
                db => sessions.OwnAsync(db, PersonOf(context), context.CancellationToken)
            ),
        };

    public override Task<V1.ListSessionsResponse> ListSessions(
        V1.ListSessionsRequest request,
        ServerCallContext context
    )
    {
        var person = PersonOf(context);
        var violations = new Violations();
        var named = Fields.OptionalId(request.PersonId, "person_id", violations) ?? person.PersonId;
        var filter = new V1.ListSessionsRequest { PersonId = request.PersonId };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        return named != person.PersonId && person.Role is not Role.StaffAdministrator
            ? throw AccessErrors.RoleNotAllowed(person.Role, context.Method)
            : calls.ReadAsync(context, db => sessions.ListAsync(db, named, page, context.CancellationToken));
    }

    public override Task<V1.RevokeSessionResponse> RevokeSession(
        V1.RevokeSessionRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var sessionId = Fields.Id(request.SessionId, "session_id", violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                await sessions.EndAsync(db, PersonOf(context), sessionId, context.CancellationToken);
                return new V1.RevokeSessionResponse();
            }
        );
    }

    public override async Task<V1.AcceptInvitationResponse> AcceptInvitation(
        V1.AcceptInvitationRequest request,
        ServerCallContext context
    )
    {
        var (token, password) = SessionProto.Read(request);
        signingIn.Limits.Demand(Caller.Of(context));
        var (card, begun) = await signingIn.Invitation.RunAsync(token, password, context.CancellationToken);
        signingIn.SignIn.Forget(keys.HashEmail(card.Email));
        return new V1.AcceptInvitationResponse
        {
            PersonKind = SessionProto.KindOf(card),
            SecondFactor = begun is null ? null : SessionProto.Write(begun),
            ExpireTime = begun is null ? null : Fields.Write(begun.ExpireTime),
        };
    }

    public override async Task<V1.CompleteInvitationResponse> CompleteInvitation(
        V1.CompleteInvitationRequest request,
        ServerCallContext context
    )
    {
        var (token, code) = SessionProto.Read(request);
        signingIn.Limits.Demand(Caller.Of(context));
        await signingIn.Invitation.CompleteAsync(token, code, context.CancellationToken);
        return new V1.CompleteInvitationResponse();
    }

    public override async Task<V1.BeginSecondFactorResponse> BeginSecondFactor(
        V1.BeginSecondFactorRequest request,
        ServerCallContext context
    )
    {
        var password = SessionProto.ReadPassword(request.Password);
        var begun = await own.SecondFactors.BeginAsync(PersonOf(context), password, context.CancellationToken);
        return new V1.BeginSecondFactorResponse
        {
            SecondFactor = SessionProto.Write(begun),
            ExpireTime = Fields.Write(begun.ExpireTime),
        };
    }

    public override async Task<V1.ConfirmSecondFactorResponse> ConfirmSecondFactor(
        V1.ConfirmSecondFactorRequest request,
        ServerCallContext context
    )
    {
        var code = SessionProto.ReadCode(request.TotpCode);
        await own.SecondFactors.ConfirmAsync(PersonOf(context), code, context.CancellationToken);
        return new V1.ConfirmSecondFactorResponse();
    }

    public override async Task<V1.RemoveSecondFactorResponse> RemoveSecondFactor(
        V1.RemoveSecondFactorRequest request,
        ServerCallContext context
    )
    {
        var password = SessionProto.ReadPassword(request.Password);
        await own.SecondFactors.RemoveAsync(PersonOf(context), password, context.CancellationToken);
        return new V1.RemoveSecondFactorResponse();
    }

    public override async Task<V1.ChangePasswordResponse> ChangePassword(
        V1.ChangePasswordRequest request,
        ServerCallContext context
    )
    {
        var (current, wanted) = SessionProto.Read(request);
        await own.Password.RunAsync(PersonOf(context), current, wanted, context.CancellationToken);
        return new V1.ChangePasswordResponse();
    }

    // The access rule lets nobody in without a session.
    private static Person PersonOf(ServerCallContext context) =>
        Caller.Of(context).Person ?? throw AccessErrors.SessionRequired(context.Method);
}

/// <summary>What happens before there is a session.</summary>
internal sealed record SigningIn(SignInLimits Limits, SignIn SignIn, AcceptInvitation Invitation);

/// <summary>What people change about their own sign-in.</summary>
internal sealed record ChangingOwn(SecondFactors SecondFactors, ChangePassword Password);
