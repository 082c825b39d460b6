using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Retention;

/// <summary>What is held; works in any transaction, for holds are the platform's.</summary>
internal static class LegalHolds
{
    /// <summary>Those in force that keep a person from being erased: on the person, or on all of the tenant.</summary>
    public static IQueryable<LegalHold> OfPerson(KalisecuDb db, Guid tenantId, Guid personId) =>
        db.Set<LegalHold>()
            .AsNoTracking()
            .Where(h => h.ReleaseTime == null && h.HeldTenantId == tenantId && h.RowKey == null)
            .Where(h => h.PersonId == personId || (h.PersonId == null && h.Rule == null))
            .OrderBy(h => h.PlaceTime)
            .ThenBy(h => h.HoldId);
}
