using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>Records and revokes authorisations.</summary>
internal sealed class Authorisations(
    IEnumerable<IAuthorisationObserver> observers,
    PersonDirectory persons,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock
)
{
    public static async Task<Authorisation> FindAsync(
        KalisecuDb db,
        Guid authorisationId,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.Scope?.TenantId;
        return await db.Set<Authorisation>()
                .Include(a => a.Signer)
                .SingleOrDefaultAsync(
                    a => a.TenantId == tenantId && a.AuthorisationId == authorisationId,
                    cancellationToken
                )
            ?? throw GeneralErrors.NotFound("authorisation", authorisationId);
    }

    /// <summary>
    /// Writes the row and then shows its document. Until the commit nobody finds the row; a document without a row, left when
    /// the commit itself fails, is unreadable to everybody and taken over by the next upload of the same.
    /// </summary>
    public async Task<Authorisation> RecordAsync(
        KalisecuDb db,
        AuthorisationDraft draft,
        PendingObject document,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var site = await Sites.FindOpenAsync(db, draft.SiteId, cancellationToken);
        var (signer, _) = await persons.RegisterAsync(
            db,
            PersonKind.Contact,
            new PersonDetails(draft.SignerEmail, "", draft.SignerName, Outbox.Language.Fr)
            {
                Function = draft.SignerFunction,
            },
            cancellationToken
        );
        var authorisation = Authorisation.Create(
            site,
            draft,
            signer.PersonId,
            document.Object,
            keys.For(site.TenantId).EncryptText,
            clock.GetCurrentInstant()
        );
        db.Add(authorisation);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "authorisation.recorded",
            authorisation.AuthorisationId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["document_digest"] = document.Object.Name,
                ["origin_count"] = authorisation.Origins.Length,
            },
            cancellationToken
        );
        document.Publish();
        return authorisation;
    }

    public async Task<Authorisation> RevokeAsync(
        KalisecuDb db,
        Guid authorisationId,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var authorisation = await FindAsync(db, authorisationId, cancellationToken);
        var sealedReason = keys.For(authorisation.TenantId).EncryptText(reason, "revoke_reason", authorisationId);
        authorisation.Revoke(sealedReason, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        foreach (var observer in observers)
        {
            await observer.RevokedAsync(db, authorisation.SiteId, cancellationToken);
        }

        await evidence.AppendAsync(
            db,
            "authorisation.revoked",
            authorisationId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["reason_digest"] = Digests.OfText(reason) },
            cancellationToken
        );
        return authorisation;
    }
}
