using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>
/// What makes an erasure wait: a restriction in force, under which data is stored until it is lifted (GDPR art. 18(1)(b) and (c):
/// the person asked for it instead of erasure, or needs the data for claims).
/// </summary>
internal static class ErasureHolds
{
    public const string Restriction = "restriction";

    /// <summary>Of these persons those who are held, and by what.</summary>
    public static async Task<IReadOnlyDictionary<PersonRef, string>> FindAsync(
        KalisecuDb db,
        IReadOnlyList<PersonRef> persons,
        CancellationToken cancellationToken
    )
    {
        var ids = persons.Select(p => p.PersonId).ToList();
        var restricted = (
            await db.Set<Restriction>()
                .AsNoTracking()
                .Where(r => r.LiftTime == null && ids.Contains(r.PersonId))
                .Select(r => new { r.TenantId, r.PersonId })
                .ToListAsync(cancellationToken)
        )
            .Select(r => (r.TenantId, r.PersonId))
            .ToHashSet();
        return persons
            .Where(p => restricted.Contains((p.TenantId, p.PersonId)))
            .Distinct()
            .ToDictionary(p => p, _ => Restriction);
    }
}
