using Kalisecu.Accounts;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenants;

/// <summary>Members as signing in and the registry of persons know them, and the end of their sessions when the tenant closes.</summary>
internal sealed class MemberPeople(KeyRing keys, PersonSessions sessions) : IPeople, IPersonIdentities, ITenantObserver
{
    public bool AreStaff => false;

    public PersonKind Kind => PersonKind.Member;

    /// <summary>Removed members too: they are written to about what is still held.</summary>
    public async Task<PersonIdentity?> FindAsync(
        KalisecuDb db,
        RegisteredPerson person,
        CancellationToken cancellationToken
    )
    {
        var found = await db.Set<Member>()
            .AsNoTracking()
            .Where(m => m.TenantId == person.TenantId && m.MemberId == person.PersonId)
            .Join(
                db.Set<Tenant>(),
                m => m.TenantId,
                t => t.TenantId,
                (member, tenant) => new { member, tenant.Language }
            )
            .SingleOrDefaultAsync(cancellationToken);
        if (found is not { member: var member })
        {
            return null;
        }

        var key = keys.For(person.TenantId);
        return new PersonIdentity(
            key.DecryptText(member.FirstName, "first_name", member.MemberId),
            key.DecryptText(member.LastName, "last_name", member.MemberId),
            key.DecryptText(member.Email, "email", member.MemberId),
            found.Language == Language.Fr ? Outbox.Language.Fr : Outbox.Language.En
        );
    }

    public async Task<PersonCard?> FindAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        CancellationToken cancellationToken
    )
    {
        var found = await Present(db, tenantId, personId)
            .AsNoTracking()
            .Join(db.Set<Tenant>(), m => m.TenantId, t => t.TenantId, (member, tenant) => new { member, tenant })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is not { member: var member, tenant: var tenant })
        {
            return null;
        }

        var key = keys.For(tenantId);
        var firstName = key.DecryptText(member.FirstName, "first_name", personId);
        var lastName = key.DecryptText(member.LastName, "last_name", personId);
        return new PersonCard(
            tenantId,
            personId,
            Members.RoleOf(member),
            key.DecryptText(member.Email, "email", personId),
            $"{firstName} {lastName}",
            member.State == MemberState.Active && tenant.State == TenantState.Open,
            tenant.DisplayName
        );
    }

    public async Task ActivateAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken)
    {
        var member = await Present(db, tenantId, personId).SingleAsync(cancellationToken);
        member.Activate();
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task ClosedAsync(KalisecuDb db, Guid tenantId, CancellationToken cancellationToken)
    {
        var members = await db.Set<Member>()
            .Where(m => m.TenantId == tenantId && m.State != MemberState.Removed)
            .Select(m => m.MemberId)
            .ToListAsync(cancellationToken);
        foreach (var member in members)
        {
            await sessions.EndAsync(db, tenantId, member, except: null, cancellationToken);
        }
    }

    private static IQueryable<Member> Present(KalisecuDb db, Guid tenantId, Guid memberId) =>
        db.Set<Member>().Where(m => m.TenantId == tenantId && m.MemberId == memberId && m.State != MemberState.Removed);
}
