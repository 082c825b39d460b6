using Kalisecu.Outbox;

namespace Kalisecu.PrivacyRequests;

/// <summary>Rights and states as letters name them.</summary>
internal static class RequestWords
{
    public static string Of(Right right, Language language) =>
        (right, language) switch
        {
            (Right.Access, Language.Fr) => "droit d'accès (article 15 du RGPD)",
            (Right.Rectification, Language.Fr) => "droit de rectification (article 16 du RGPD)",
            (Right.Erasure, Language.Fr) => "droit à l'effacement (article 17 du RGPD)",
            (Right.Restriction, Language.Fr) => "droit à la limitation du traitement (article 18 du RGPD)",
            (Right.Portability, Language.Fr) => "droit à la portabilité (article 20 du RGPD)",
            (Right.Objection, Language.Fr) => "droit d'opposition (article 21 du RGPD)",
            (Right.Access, Language.En) => "right of access (article 15 GDPR)",
            (Right.Rectification, Language.En) => "right to rectification (article 16 GDPR)",
            (Right.Erasure, Language.En) => "right to erasure (article 17 GDPR)",
            (Right.Restriction, Language.En) => "right to restriction of processing (article 18 GDPR)",
            (Right.Portability, Language.En) => "right to data portability (article 20 GDPR)",
            (Right.Objection, Language.En) => "right to object (article 21 GDPR)",
            _ => throw new InvalidOperationException($"No words for {right} in {language}"),
        };

    public static string Of(PrivacyRequestState state, Language language) =>
        (state, language) switch
        {
            (PrivacyRequestState.Received, Language.Fr) => "reçue, sans accusé de réception",
            (PrivacyRequestState.Acknowledged, Language.Fr) => "accusé de réception envoyé",
            (PrivacyRequestState.AwaitingIdentity, Language.Fr) => "précision attendue sur l'identité",
            (PrivacyRequestState.Completed, Language.Fr) => "répondue",
            (PrivacyRequestState.Refused, Language.Fr) => "refusée",
            (PrivacyRequestState.Withdrawn, Language.Fr) => "retirée",
            (PrivacyRequestState.Received, Language.En) => "received, not acknowledged",
            (PrivacyRequestState.Acknowledged, Language.En) => "acknowledged",
            (PrivacyRequestState.AwaitingIdentity, Language.En) => "information about the identity awaited",
            (PrivacyRequestState.Completed, Language.En) => "answered",
            (PrivacyRequestState.Refused, Language.En) => "refused",
            (PrivacyRequestState.Withdrawn, Language.En) => "withdrawn",
            _ => throw new InvalidOperationException($"No words for {state} in {language}"),
        };
}
