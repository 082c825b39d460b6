using Kalisecu.Outbox;

namespace Kalisecu.Consent;

/// <summary>The domain's values in the words of the wire.</summary>
internal static class ConsentWords
{
    public static V1.ConsentEventKind Write(ConsentEventKind kind) =>
        kind switch
        {
            ConsentEventKind.Given => V1.ConsentEventKind.Given,
            ConsentEventKind.Refused => V1.ConsentEventKind.Refused,
            ConsentEventKind.Withdrawn => V1.ConsentEventKind.Withdrawn,
            ConsentEventKind.Expired => V1.ConsentEventKind.Expired,
            ConsentEventKind.Objected => V1.ConsentEventKind.Objected,
            ConsentEventKind.Resumed => V1.ConsentEventKind.Resumed,
            _ => throw new InvalidOperationException($"No kind: {kind}"),
        };

    public static V1.ConsentChannel Write(ConsentChannel channel) =>
        channel switch
        {
            ConsentChannel.Dashboard => V1.ConsentChannel.Dashboard,
            ConsentChannel.Paper => V1.ConsentChannel.Paper,
            ConsentChannel.Phone => V1.ConsentChannel.Phone,
            ConsentChannel.Email => V1.ConsentChannel.Email,
            ConsentChannel.Link => V1.ConsentChannel.Link,
            ConsentChannel.System => V1.ConsentChannel.System,
            _ => throw new InvalidOperationException($"No channel: {channel}"),
        };

    public static V1.ConsentStateKind Write(ConsentStanding standing) =>
        standing switch
        {
            ConsentStanding.None => V1.ConsentStateKind.None,
            ConsentStanding.Given => V1.ConsentStateKind.Given,
            ConsentStanding.Refused => V1.ConsentStateKind.Refused,
            ConsentStanding.Withdrawn => V1.ConsentStateKind.Withdrawn,
            ConsentStanding.Expired => V1.ConsentStateKind.Expired,
            ConsentStanding.Objected => V1.ConsentStateKind.Objected,
            _ => throw new InvalidOperationException($"No state: {standing}"),
        };

    public static V1.ProcessingReason Write(ProcessingReason reason) =>
        reason switch
        {
            ProcessingReason.Consent => V1.ProcessingReason.Consent,
            ProcessingReason.Contract => V1.ProcessingReason.Contract,
            ProcessingReason.LegalObligation => V1.ProcessingReason.LegalObligation,
            ProcessingReason.LegitimateInterest => V1.ProcessingReason.LegitimateInterest,
            ProcessingReason.NoConsent => V1.ProcessingReason.NoConsent,
            ProcessingReason.Refused => V1.ProcessingReason.Refused,
            ProcessingReason.Withdrawn => V1.ProcessingReason.Withdrawn,
            ProcessingReason.Expired => V1.ProcessingReason.Expired,
            ProcessingReason.Objected => V1.ProcessingReason.Objected,
            ProcessingReason.Restricted => V1.ProcessingReason.Restricted,
            ProcessingReason.Erased => V1.ProcessingReason.Erased,
            _ => throw new InvalidOperationException($"No reason: {reason}"),
        };

    public static Tenants.V1.Language Write(Language language) =>
        language switch
        {
            Language.Fr => Tenants.V1.Language.Fr,
            Language.En => Tenants.V1.Language.En,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };
}
