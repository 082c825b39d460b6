using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Invites people, staff and members alike.</summary>
internal sealed class Invitations(KeyRing keys, PersonDirectory persons, PersonSessions sessions, IClock clock)
{
    // Our own margin: a week of holiday passes, a mail forgotten in a box is soon worth nothing.
    private static readonly Duration Valid = Duration.FromDays(7);

    /// <summary>
    /// Makes an invitation in place of an open one; the first one registers the person. Whatever the person signed in with until now no longer counts, and its
    /// sessions end. Refuses EMAIL_IN_USE when another person of the tenant signs in with the address.
    /// </summary>
    public async Task<(string Token, Instant ExpireTime)> InviteAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string email,
        CancellationToken cancellationToken
    )
    {
        var credential =
            await Credentials.LockAsync(db, tenantId, personId, cancellationToken)
            ?? await CreateAsync(db, tenantId, personId, email, cancellationToken);
        var token = OpaqueToken.New();
        var expireTime = clock.GetCurrentInstant() + Valid;
        credential.Invite(OpaqueToken.Hash(token), expireTime);
        await db.SaveChangesAsync(cancellationToken);
        await sessions.EndAsync(db, tenantId, personId, except: null, cancellationToken);
        return (token, expireTime);
    }

    private async Task<Credential> CreateAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string email,
        CancellationToken cancellationToken
    )
    {
        var inserted = await db.Database.ExecuteSqlRawAsync(
            CredentialSql.InsertUnlessInUse,
            [tenantId, personId, keys.HashEmail(email)],
            cancellationToken
        );
        if (inserted == 0)
        {
            throw AccountErrors.EmailInUse();
        }

        var kind = tenantId == TenantScope.Platform ? PersonKind.Staff : PersonKind.Member;
        var person = new PersonRef(tenantId, personId, kind);
        await persons.RegisterAsync(db, person, email, Language.Fr, cancellationToken);
        return await db.Set<Credential>()
            .SingleAsync(c => c.TenantId == tenantId && c.PersonId == personId, cancellationToken);
    }
}
