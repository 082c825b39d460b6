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
    /// Makes an invitation in place of an open one; the first one registers the person. Whatever the person signed in with
    /// until now no longer counts, and its sessions end. Refuses EMAIL_IN_USE when another person of the tenant signs in with
    /// the address.
    /// </summary>
    public async Task<MadeInvitation> InviteAsync(KalisecuDb db, Invitee invitee, CancellationToken cancellationToken)
    {
        var credential =
            await Credentials.LockAsync(db, invitee.TenantId, invitee.PersonId, cancellationToken)
            ?? await CreateAsync(db, invitee, cancellationToken);
        var isNew = credential.AcceptTime is null;
        var token = OpaqueToken.New();
        var expireTime = clock.GetCurrentInstant() + Valid;
        credential.Invite(OpaqueToken.Hash(token), expireTime);
        await db.SaveChangesAsync(cancellationToken);
        await sessions.EndAsync(db, invitee.TenantId, invitee.PersonId, except: null, cancellationToken);
        return new MadeInvitation(token, expireTime, isNew);
    }

    private async Task<Credential> CreateAsync(KalisecuDb db, Invitee invitee, CancellationToken cancellationToken)
    {
        var inserted = await db.Database.ExecuteSqlRawAsync(
            CredentialSql.InsertUnlessInUse,
            [invitee.TenantId, invitee.PersonId, keys.HashEmail(invitee.Email)],
            cancellationToken
        );
        if (inserted == 0)
        {
            throw AccountErrors.EmailInUse();
        }

        var kind = invitee.IsStaff ? PersonKind.Staff : PersonKind.Member;
        var person = new PersonRef(invitee.TenantId, invitee.PersonId, kind);
        await persons.RegisterAsync(db, person, invitee.Email, invitee.Language, cancellationToken);
        return await db.Set<Credential>()
            .SingleAsync(c => c.TenantId == invitee.TenantId && c.PersonId == invitee.PersonId, cancellationToken);
    }
}

/// <summary>Whom to invite.</summary>
/// <param name="Organisation">Whose data the person will reach, as the letter names it; empty for staff.</param>
internal sealed record Invitee(
    Guid TenantId,
    Guid PersonId,
    string Email,
    string DisplayName,
    string Organisation,
    Language Language
)
{
    public bool IsStaff => TenantId == TenantScope.Platform;
}

/// <summary>An invitation; its token is known in this moment alone.</summary>
/// <param name="IsFirst">Whether the person never accepted one: then there is nothing yet that the token could take over.</param>
internal sealed record MadeInvitation(string Token, Instant ExpireTime, bool IsFirst);
