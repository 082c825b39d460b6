using Kalisecu.Accounts;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>An invited member, and the invitation that is on its way.</summary>
internal sealed record InvitedMember(Member Member, SentInvitation Invitation);

/// <summary>Invites, changes and removes members.</summary>
internal sealed class Members(
    SendInvitation invitations,
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

    public async Task<InvitedMember> InviteAsync(
        KalisecuDb db,
        MemberDraft draft,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var member = Member.Invite(
            caller.Tenant,
            Ids.New(now),
            draft,
            keys.HashEmail(draft.Email),
            keys.For(caller.Tenant).EncryptText,
            now
        );

        // First, because it refuses an address that is in use.
        var sent = await SendAsync(db, member, caller, cancellationToken);
        db.Add(member);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.InvitedAsync(db, member, caller.Actor, cancellationToken);
        return new InvitedMember(member, sent);
    }

    public async Task<InvitedMember> InviteAgainAsync(
        KalisecuDb db,
        Guid memberId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.LockAsync(db, cancellationToken);
        var member = await FindAsync(db, memberId, cancellationToken);
        member.InviteAgain();
        await db.SaveChangesAsync(cancellationToken);
        var sent = await SendAsync(db, member, caller, cancellationToken);
        await evidence.InvitedAsync(db, member, caller.Actor, cancellationToken);
        return new InvitedMember(member, sent);
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

    private async Task<SentInvitation> SendAsync(
        KalisecuDb db,
        Member member,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var tenant = await db.Set<Tenant>()
            .AsNoTracking()
            .SingleAsync(t => t.TenantId == member.TenantId, cancellationToken);
        var key = keys.For(member.TenantId);
        var invitee = new Invitee(
            member.TenantId,
            member.MemberId,
            key.DecryptText(member.Email, "email", member.MemberId),
            key.DecryptText(member.FirstName, "first_name", member.MemberId),
            tenant.DisplayName,
            tenant.Language == Language.Fr ? Outbox.Language.Fr : Outbox.Language.En
        );
        return await invitations.RunAsync(db, invitee, caller, cancellationToken);
    }

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
