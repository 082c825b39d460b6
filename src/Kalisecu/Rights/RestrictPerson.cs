using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Restricts the processing of a person's data in every store (GDPR art. 18), and tells the recipients.</summary>
internal sealed class RestrictPerson(PersonStores stores, RecipientNotices notices, EvidenceLog evidence, IClock clock)
{
    public async Task<Restriction> RunAsync(
        KalisecuDb db,
        RightsCase rights,
        RestrictionGround ground,
        CancellationToken cancellationToken
    )
    {
        var key = Ids.LockKey($"kalisecu/restriction/{rights.Person.TenantId:D}/{rights.Person.PersonId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        var inForce = await db.Set<Restriction>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                r => r.TenantId == rights.Person.TenantId && r.PersonId == rights.Person.PersonId && r.LiftTime == null,
                cancellationToken
            );
        if (inForce is not null)
        {
            throw RightsErrors.AlreadyRestricted(inForce.RestrictionId);
        }

        var now = clock.GetCurrentInstant();
        var restriction = Restriction.Begin(rights, ground, now);
        restriction.Fill(await stores.RestrictAsync(db, rights.Person, now, cancellationToken));
        db.Add(restriction);
        await db.SaveChangesAsync(cancellationToken);
        var told = await notices.WriteAsync(
            db,
            rights,
            NoticeFacts.Of(
                NoticeCause.Restriction,
                restriction.RestrictionId,
                await notices.KnownAsAsync(db, rights.Person, cancellationToken)
            ),
            cancellationToken
        );
        await evidence.AppendAsync(
            db,
            "restriction.begun",
            restriction.RestrictionId,
            rights.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["ground"] = $"{ground}",
                ["rows"] = restriction.RowCount,
                ["recipients"] = told.Count,
                ["privacy_request"] = rights.PrivacyRequestId.ToString("D"),
            },
            cancellationToken
        );
        return restriction;
    }
}

internal static class RestrictedStores
{
    /// <summary>Marks or unmarks a person's rows everywhere; answers how many.</summary>
    public static async Task<int> RestrictAsync(
        this PersonStores stores,
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        var rows = 0;
        foreach (var store in stores.All)
        {
            rows += await store.RestrictAsync(db, person, since, cancellationToken);
        }

        return rows;
    }
}
