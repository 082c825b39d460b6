using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What the person is told before a restriction ends.</summary>
internal sealed record LiftingNotice(Guid RestrictionId, string Etag, string Reasons, LocalDate Date, string Actor);

/// <summary>Announces the end of a restriction to the person, and lifts it afterwards (GDPR art. 18(3)).</summary>
internal sealed class LiftRestriction(PersonStores stores, LiftingLetter letter, EvidenceLog evidence, IClock clock)
{
    public async Task<Restriction> AnnounceAsync(
        KalisecuDb db,
        LiftingNotice notice,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var today = Paris.DateOf(now);
        if (notice.Date < today || notice.Date > today.PlusYears(1))
        {
            throw GeneralErrors.InvalidRequest([
                new Violation("lift_date", "must be a day from today to a year ahead"),
            ]);
        }

        var restriction = await LockAsync(db, notice.RestrictionId, notice.Etag, cancellationToken);
        if (restriction.Announce(notice.Date, now))
        {
            await letter.PostAsync(db, restriction, notice, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await AppendAsync(db, "restriction.announced", restriction, notice.Actor, rows: null, cancellationToken);
        }

        return restriction;
    }

    public async Task<Restriction> LiftAsync(
        KalisecuDb db,
        Guid restrictionId,
        string etag,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var restriction = await LockAsync(db, restrictionId, etag, cancellationToken);
        var now = clock.GetCurrentInstant();
        restriction.Lift(now);
        var notice = await db.Set<Letter>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                l => l.TenantId == restriction.TenantId && l.OnceKey == restriction.NoticeKey,
                cancellationToken
            );
        // Before means before: a letter that left in this moment was not there to be read.
        if (
            notice is not { State: LetterState.Sent }
            || notice.SendTime >= now
            || restriction.LiftDate > Paris.DateOf(now)
        )
        {
            throw RightsErrors.NoticeNotDelivered(restrictionId, notice is null ? "none" : $"{notice.State}");
        }

        // What an erasure has kept stays closed: a law alone keeps it, not the person's wish.
        var rows = await IsErasedAsync(db, restriction.Person, cancellationToken)
            ? 0
            : await stores.RestrictAsync(db, restriction.Person, since: null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "restriction.lifted", restriction, actor, rows, cancellationToken);
        return restriction;
    }

    private static Task<bool> IsErasedAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken) =>
        db.Set<Erasure>()
            .AnyAsync(
                e =>
                    e.TenantId == person.TenantId
                    && e.PersonId == person.PersonId
                    && (e.State == ErasureState.Running || e.State == ErasureState.Completed),
                cancellationToken
            );

    private static async Task<Restriction> LockAsync(
        KalisecuDb db,
        Guid restrictionId,
        string etag,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Scope?.TenantId;
        var found = await db.Set<Restriction>()
            .FromSql(
                $"select *, xmin from restrictions where tenant_id = {tenant} and restriction_id = {restrictionId} for no key update"
            )
            .ToListAsync(cancellationToken);
        if (found is not [var restriction])
        {
            throw GeneralErrors.NotFound("restriction", restrictionId);
        }

        Etag.Require(etag, restriction.Version, "restriction");
        return restriction;
    }

    private Task AppendAsync(
        KalisecuDb db,
        string kind,
        Restriction restriction,
        string actor,
        int? rows,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            restriction.RestrictionId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["privacy_request"] = restriction.PrivacyRequestId.ToString("D"),
                ["rows"] = rows,
            },
            cancellationToken
        );
}
