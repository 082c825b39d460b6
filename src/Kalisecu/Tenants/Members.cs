using Kalisecu.Accounts;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>A one-time invitation; its token is known in this moment alone.</summary>
internal sealed record Invitation(Member Member, string Token, Instant ExpireTime);

/// <summary>Invites, changes and removes members.</summary>
internal sealed class Members(
    Invitations invitations,
    CredentialEnding credentialEnding,
    MemberEvidence evidence,
    KeyRing keys,
    IClock clock
)
{
    public static async Task<Member> FindAsync(KalisecuDb db, Guid memberId, CancellationToken cancellationToken)
    {
        var tenantId = db.Scope?.TenantId;
        return await db.Set<Member>()
                .SingleOrDefaultAsync(m => m.TenantId == tenantId && m.MemberId == memberId, cancellationToken)
            ?? throw GeneralErrors.NotFound("member", memberId);
    }

    public async Task<Invitation> InviteAsync(
        KalisecuDb db,
        Guid tenantId,
        MemberDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var id = Ids.New(now);
        var member = Member.Invite(
            tenantId,
            id,
            draft,
            keys.HashEmail(draft.Email),
            keys.For(tenantId).EncryptText,
            now
        );

        // First, because it refuses an address that is in use.
        var (token, expireTime) = await invitations.InviteAsync(db, tenantId, id, draft.Email, cancellationToken);
        db.Add(member);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.InvitedAsync(db, member, actor, cancellationToken);
        return new Invitation(member, token, expireTime);
    }

    public async Task<Invitation> InviteAgainAsync(
        KalisecuDb db,
        Guid memberId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.LockAsync(db, cancellationToken);
        var member = await FindAsync(db, memberId, cancellationToken);
        member.InviteAgain();
        await db.SaveChangesAsync(cancellationToken);
        var email = keys.For(member.TenantId).DecryptText(member.Email, "email", memberId);
        var (token, expireTime) = await invitations.InviteAsync(
            db,
            member.TenantId,
            memberId,
            email,
            cancellationToken
        );
        await evidence.InvitedAsync(db, member, actor, cancellationToken);
        return new Invitation(member, token, expireTime);
    }

    public async Task<Member> ChangeAsync(
        KalisecuDb db,
        Guid memberId,
        MemberChange change,
        string etag,
        CancellationToken cancellationToken
    )
    {
        // Locked, so that two owners cannot each demote the other at the same time.
        await OpenTenant.LockAsync(db, cancellationToken);
        var member = await FindAsync(db, memberId, cancellationToken);
        Etag.Require(etag, member.Version, "member");
        var before = member.Role;
        member.Change(change, keys.For(member.TenantId).EncryptText);
        await db.SaveChangesAsync(cancellationToken);
        if (member.Role != before)
        {
            await RequireOwnerAsync(db, member, before, cancellationToken);
            await PersonSessions.ChangeRoleAsync(db, member.TenantId, memberId, RoleOf(member), cancellationToken);
        }

        return member;
    }

    public async Task<Member> RemoveAsync(
        KalisecuDb db,
        Guid memberId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.LockAsync(db, cancellationToken);
        var member = await FindAsync(db, memberId, cancellationToken);
        member.Remove(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await RequireOwnerAsync(db, member, member.Role, cancellationToken);
        await credentialEnding.EndAsync(db, member.TenantId, memberId, cancellationToken);
        await evidence.RemovedAsync(db, member, actor, cancellationToken);
        return member;
    }

    public static Role RoleOf(Member member) =>
        member.Role switch
        {
            MemberRole.Reader => Role.MemberReader,
            MemberRole.Owner => Role.MemberOwner,
            _ => throw new InvalidOperationException($"No role: {member.Role}"),
        };

    /// <summary>Asked after the change, which is rolled back when it took the last owner.</summary>
    private static async Task RequireOwnerAsync(
        KalisecuDb db,
        Member member,
        MemberRole before,
        CancellationToken cancellationToken
    )
    {
        var hasOwner =
            before != MemberRole.Owner
            || await db.Set<Member>()
                .AnyAsync(
                    m => m.TenantId == member.TenantId && m.Role == MemberRole.Owner && m.State != MemberState.Removed,
                    cancellationToken
                );
        if (!hasOwner)
        {
            throw MemberErrors.LastOwner();
        }
    }
}
