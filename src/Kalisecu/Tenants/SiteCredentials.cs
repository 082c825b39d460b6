using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>Sets and destroys test credentials.</summary>
internal sealed class SiteCredentials(KeyRing keys, EvidenceLog evidence, IClock clock)
{
    private static readonly Dictionary<string, object?> NoFacts = new(StringComparer.Ordinal);

    /// <summary>Those of a site that were not removed.</summary>
    public static IQueryable<SiteCredential> Of(KalisecuDb db, Guid tenantId, Guid siteId) =>
        db.Set<SiteCredential>().Where(c => c.TenantId == tenantId && c.SiteId == siteId && c.RemoveTime == null);

    public static async Task<SiteCredential> FindAsync(
        KalisecuDb db,
        Site site,
        Guid credentialId,
        CancellationToken cancellationToken
    ) =>
        await Of(db, site.TenantId, site.SiteId)
            .SingleOrDefaultAsync(c => c.CredentialId == credentialId, cancellationToken)
        ?? throw GeneralErrors.NotFound("credential", credentialId);

    public async Task<SiteCredential> SetAsync(
        KalisecuDb db,
        SiteCredentialDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        // Locked, so that of two with the same name the second replaces the first.
        await OpenTenant.LockAsync(db, cancellationToken);
        var site = await Sites.FindOpenAsync(db, draft.SiteId, cancellationToken);
        var now = clock.GetCurrentInstant();
        var key = keys.For(site.TenantId);
        var credential = await Of(db, site.TenantId, site.SiteId)
            .SingleOrDefaultAsync(c => c.Name == draft.Name, cancellationToken);
        if (credential is null)
        {
            credential = SiteCredential.Create(site, draft, key.EncryptText, now);
            db.Add(credential);
        }
        else
        {
            credential.Set(draft, key.EncryptText, now);
        }

        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(db, "credential.set", credential.CredentialId, actor, NoFacts, cancellationToken);
        return credential;
    }

    public async Task RemoveAsync(
        KalisecuDb db,
        Guid siteId,
        Guid credentialId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var site = await Sites.FindAsync(db, siteId, cancellationToken);
        var credential = await FindAsync(db, site, credentialId, cancellationToken);
        credential.Remove(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(db, "credential.removed", credentialId, actor, NoFacts, cancellationToken);
    }
}
