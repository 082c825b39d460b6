using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

/// <summary>Staff as people who sign in, and as persons with a name.</summary>
internal sealed class StaffPeople(StaffAccountProto proto) : IPeople, IPersonIdentities
{
    public bool AreStaff => true;

    public PersonKind Kind => PersonKind.Staff;

    public async Task<PersonIdentity?> FindAsync(
        KalisecuDb db,
        RegisteredPerson person,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, person.TenantId, person.PersonId, cancellationToken) is { } card
            ? new PersonIdentity("", card.DisplayName, card.Email, person.Language)
            : null;

    public async Task<PersonCard?> FindAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        CancellationToken cancellationToken
    )
    {
        var account = await db.Set<StaffAccount>()
            .AsNoTracking()
            .SingleOrDefaultAsync(a => a.AccountId == personId, cancellationToken);
        return account is null
            ? null
            : new PersonCard(
                tenantId,
                personId,
                account.SessionRole,
                proto.OpenEmail(account),
                proto.OpenDisplayName(account),
                account.State is StaffState.Active,
                TenantName: ""
            );
    }

    public async Task ActivateAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken)
    {
        var account = await db.Set<StaffAccount>().SingleAsync(a => a.AccountId == personId, cancellationToken);
        account.Activate();
        await db.SaveChangesAsync(cancellationToken);
    }
}
