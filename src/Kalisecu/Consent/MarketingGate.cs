using Kalisecu.Errors;
using Kalisecu.Outbox;

namespace Kalisecu.Consent;

/// <summary>Keeps marketing letters from whoever did not agree to them, or objected (GDPR art. 21(3)).</summary>
internal sealed class MarketingGate(ProcessingCheck check) : ILetterGate
{
    private const string Purpose = "direct_marketing";

    public async Task<string?> ForbiddenAsync(Guid tenantId, Guid personId, CancellationToken cancellationToken)
    {
        try
        {
            return await check.IsAllowedAsync(tenantId, personId, Purpose, cancellationToken)
                ? null
                : "processing_not_allowed";
        }
        catch (Refusal)
        {
            // Nobody knows the person there, or the purpose is none of ours.
            return "consent_unknown";
        }
    }
}
