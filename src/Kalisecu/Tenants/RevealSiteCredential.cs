using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>Gives out a test credential in clear; that it did stands in the evidence before the answer leaves.</summary>
internal sealed class RevealSiteCredential(
    IScanLeases leases,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock,
    ILogger<RevealSiteCredential> log
)
{
    public async Task<V1.RevealSiteCredentialResponse> RunAsync(
        KalisecuDb db,
        RevealDraft draft,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var site = await Sites.FindAsync(db, draft.SiteId, cancellationToken);
        if (caller.AgentId is { } agentId)
        {
            // Before the credential is looked for: an agent without a lease learns nothing of what exists.
            await leases.RequireAsync(db, agentId, draft.ScanId!.Value, draft.SiteId, now, cancellationToken);
        }

        var credential = await SiteCredentials.FindAsync(db, site, draft.CredentialId, cancellationToken);
        credential.Reveal(now);
        await db.SaveChangesAsync(cancellationToken);
        var key = keys.For(site.TenantId);
        var response = new V1.RevealSiteCredentialResponse
        {
            UserName = key.DecryptText(credential.UserName, "user_name", credential.CredentialId),
            Secret = key.DecryptText(credential.Secret, "secret", credential.CredentialId),
            LoginUrl = credential.LoginUrl,
        };
        await evidence.AppendAsync(
            db,
            "credential.revealed",
            credential.CredentialId,
            caller.Actor,
            Facts(draft),
            cancellationToken
        );
        TenantLog.CredentialRevealed(log, site.SiteId, caller.Actor);
        return response;
    }

    private static Dictionary<string, object?> Facts(RevealDraft draft) =>
        draft.ScanId is { } scan
            ? new(StringComparer.Ordinal) { ["scan_id"] = scan.ToString("D") }
            : new(StringComparer.Ordinal) { ["reason_digest"] = Digests.OfText(draft.Reason!) };
}
