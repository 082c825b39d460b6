using Google.Protobuf.Collections;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.PrivacyRequests;

/// <summary>The enums of requests, wire to domain and back.</summary>
internal static partial class PrivacyRequestProto
{
    internal static IReadOnlyList<Right> ReadRights(
        IReadOnlyCollection<V1.Right> rights,
        int min,
        Violations violations
    )
    {
        var known = rights.Where(r => r != V1.Right.Unspecified && Enum.IsDefined(r)).ToList();
        violations.Check(
            known.Count == rights.Count && known.Distinct().Count() == rights.Count && rights.Count >= min,
            "rights",
            min == 0 ? "must be of the named values, each once" : "must be 1 to 6 of the named values, each once"
        );
        return known.ConvertAll(Of);
    }

    internal static Right Of(V1.Right right) =>
        right switch
        {
            V1.Right.Access => Right.Access,
            V1.Right.Rectification => Right.Rectification,
            V1.Right.Erasure => Right.Erasure,
            V1.Right.Restriction => Right.Restriction,
            V1.Right.Portability => Right.Portability,
            V1.Right.Objection => Right.Objection,
            _ => throw new InvalidOperationException($"No right: {right}"),
        };

    internal static V1.Right Of(Right right) =>
        right switch
        {
            Right.Access => V1.Right.Access,
            Right.Rectification => V1.Right.Rectification,
            Right.Erasure => V1.Right.Erasure,
            Right.Restriction => V1.Right.Restriction,
            Right.Portability => V1.Right.Portability,
            Right.Objection => V1.Right.Objection,
            _ => throw new InvalidOperationException($"No right: {right}"),
        };

    private static List<PrivacyRequestState> ReadStates(
        RepeatedField<V1.PrivacyRequestState> states,
        Violations violations
    )
    {
        var known = states.Where(s => s != V1.PrivacyRequestState.Unspecified && Enum.IsDefined(s)).ToList();
        violations.Check(known.Count == states.Count, "states", "must be of the named values");
        return known.ConvertAll(s =>
            s switch
            {
                V1.PrivacyRequestState.Received => PrivacyRequestState.Received,
                V1.PrivacyRequestState.Acknowledged => PrivacyRequestState.Acknowledged,
                V1.PrivacyRequestState.AwaitingIdentity => PrivacyRequestState.AwaitingIdentity,
                V1.PrivacyRequestState.Completed => PrivacyRequestState.Completed,
                V1.PrivacyRequestState.Refused => PrivacyRequestState.Refused,
                V1.PrivacyRequestState.Withdrawn => PrivacyRequestState.Withdrawn,
                _ => throw new InvalidOperationException($"No state: {s}"),
            }
        );
    }

    private static Language? ReadLanguage(V1.RequestLanguage language, Violations violations)
    {
        violations.Check(Enum.IsDefined(language), "language", "must be of the named values");
        return language switch
        {
            V1.RequestLanguage.Fr => Language.Fr,
            V1.RequestLanguage.En => Language.En,
            _ => null,
        };
    }

    private static V1.PrivacyRequestState Of(PrivacyRequestState state) =>
        state switch
        {
            PrivacyRequestState.Received => V1.PrivacyRequestState.Received,
            PrivacyRequestState.Acknowledged => V1.PrivacyRequestState.Acknowledged,
            PrivacyRequestState.AwaitingIdentity => V1.PrivacyRequestState.AwaitingIdentity,
            PrivacyRequestState.Completed => V1.PrivacyRequestState.Completed,
            PrivacyRequestState.Refused => V1.PrivacyRequestState.Refused,
            PrivacyRequestState.Withdrawn => V1.PrivacyRequestState.Withdrawn,
            _ => throw new InvalidOperationException($"No state: {state}"),
        };

    private static V1.RequestChannel Of(RequestChannel channel) =>
        channel switch
        {
            RequestChannel.Session => V1.RequestChannel.Session,
            RequestChannel.Email => V1.RequestChannel.Email,
            RequestChannel.Paper => V1.RequestChannel.Paper,
            _ => throw new InvalidOperationException($"No channel: {channel}"),
        };

    private static V1.IdentityMethod Of(IdentityMethod? method) =>
        method switch
        {
            null => V1.IdentityMethod.Unspecified,
            IdentityMethod.Session => V1.IdentityMethod.Session,
            IdentityMethod.Code => V1.IdentityMethod.Code,
            IdentityMethod.Judgement => V1.IdentityMethod.Judgement,
            _ => throw new InvalidOperationException($"No method: {method}"),
        };

    private static V1.RightOutcome Of(RightOutcome? outcome) =>
        outcome switch
        {
            null => V1.RightOutcome.Unspecified,
            RightOutcome.Granted => V1.RightOutcome.Granted,
            RightOutcome.PartlyGranted => V1.RightOutcome.PartlyGranted,
            RightOutcome.Refused => V1.RightOutcome.Refused,
            RightOutcome.NothingHeld => V1.RightOutcome.NothingHeld,
            _ => throw new InvalidOperationException($"No outcome: {outcome}"),
        };

    private static V1.RequestPersonKind Of(PersonKind kind) =>
        kind switch
        {
            PersonKind.Member => V1.RequestPersonKind.Member,
            PersonKind.Staff => V1.RequestPersonKind.Staff,
            PersonKind.Prospect => V1.RequestPersonKind.Prospect,
            PersonKind.Contact => V1.RequestPersonKind.Contact,
            _ => throw new InvalidOperationException($"No kind: {kind}"),
        };
}
