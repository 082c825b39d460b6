using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Restricts the processing of a person's data, announces the end of it, and lifts it.</summary>
internal sealed class RestrictPerson(
    PersonStores stores,
    PersonDirectory persons,
    RecipientNotices notices,
    LetterTemplates templates,
    LetterBox letters,
    EvidenceLog evidence,
    IClock clock
)
{
    public async Task<Restriction> RestrictAsync(
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
        restriction.Fill(await MarkAsync(db, rights.Person, now, cancellationToken));
        db.Add(restriction);
        await db.SaveChangesAsync(cancellationToken);
        var told = await notices.WriteAsync(
            db,
            rights,
            NoticeCause.Restriction,
            restriction.RestrictionId,
            cancellationToken
        );
        await AppendAsync(
            db,
            "restriction.begun",
            restriction,
            rights.Actor,
            new(StringComparer.Ordinal)
            {
                ["ground"] = $"{ground}",
                ["rows"] = restriction.RowCount,
                ["recipients"] = told,
            },
            cancellationToken
        );
        return restriction;
    }

    /// <summary>GDPR art. 18(3): tells the person before the restriction is lifted.</summary>
    public async Task<Restriction> AnnounceAsync(
        KalisecuDb db,
        Guid restrictionId,
        string etag,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var restriction = await LockAsync(db, restrictionId, etag, cancellationToken);
        var now = clock.GetCurrentInstant();
        restriction.Announce(now);
        var identity =
            await persons.IdentityAsync(db, restriction.Person, cancellationToken)
            ?? throw GeneralErrors.NotFound("person", restriction.PersonId);
        await letters.PostAsync(
            db,
            new LetterDraft(
                restriction.NoticeKey,
                "rights.restriction_lifting",
                LetterNature.Required,
                restriction.PersonId,
                identity.Email,
                identity.Language,
                templates.Render(
                    "rights-restriction-lifting",
                    identity.Language,
                    new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["name"] = identity.Name,
                        ["restricted"] = restriction.CreateTime,
                        ["reasons"] = reasons,
                    }
                ),
                "restriction",
                restrictionId
            ),
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "restriction.announced", restriction, actor, [], cancellationToken);
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
        if (notice is not { State: LetterState.Sent } || notice.SendTime >= now)
        {
            throw RightsErrors.NoticeNotDelivered(restrictionId, notice is null ? "none" : $"{notice.State}");
        }

        var rows = await MarkAsync(db, restriction.Person, since: null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(
            db,
            "restriction.lifted",
            restriction,
            actor,
            new(StringComparer.Ordinal) { ["rows"] = rows },
            cancellationToken
        );
        return restriction;
    }

    private async Task<int> MarkAsync(
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
        Dictionary<string, object?> facts,
        CancellationToken cancellationToken
    )
    {
        facts["privacy_request"] = restriction.PrivacyRequestId.ToString("D");
        return evidence.AppendAsync(db, kind, restriction.RestrictionId, actor, facts, cancellationToken);
    }
}
