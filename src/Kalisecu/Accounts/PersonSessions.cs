using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Changes to all open sessions of one person, in force everywhere as soon as the transaction commits.</summary>
internal sealed class PersonSessions(IClock clock)
{
    /// <summary>Ends them.</summary>
    /// <param name="except">A session that stays open: the one that the change was made with.</param>
    public async Task EndAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        Guid? except,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        await Open(db, tenantId, personId)
            .Where(s => s.SessionId != except)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndTime, now), cancellationToken);
        await Revocations.PublishAsync(db, Revocations.PersonSessions(personId), cancellationToken);
    }

    /// <summary>Sessions carry the role, so that a call costs no second look-up: a new role is written into the open ones.</summary>
    public static async Task ChangeRoleAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        Role role,
        CancellationToken cancellationToken
    )
    {
        await Open(db, tenantId, personId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Role, role), cancellationToken);
        await Revocations.PublishAsync(db, Revocations.PersonSessions(personId), cancellationToken);
    }

    private static IQueryable<Session> Open(KalisecuDb db, Guid tenantId, Guid personId) =>
        db.Set<Session>().Where(s => s.TenantId == tenantId && s.PersonId == personId && s.EndTime == null);
}
