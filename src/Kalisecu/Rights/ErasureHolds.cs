using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Retention;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>
/// What makes an erasure wait: a restriction in force, under which data is stored until it is lifted (GDPR art. 18(1)(b) and (c):
/// the person asked for it instead of erasure, or needs the data for claims), or a legal hold (art. 17(3)(e)).
/// </summary>
internal static class ErasureHolds
{
    public const string Restriction = "restriction";

    public const string LegalHold = "legal_hold";

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
        var held = new Dictionary<PersonRef, string>();
        foreach (var person in persons.Distinct())
        {
            if (restricted.Contains((person.TenantId, person.PersonId)))
            {
                held[person] = Restriction;
            }
            else if (await LegalHolds.OfPerson(db, person.TenantId, person.PersonId).AnyAsync(cancellationToken))
            {
                held[person] = LegalHold;
            }
        }

        return held;
    }
}
