using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Records a person's objection to a purpose, and what staff decide on it (GDPR art. 21).</summary>
internal sealed class ObjectToProcessing(KeyRing keys, EvidenceLog evidence, IClock clock)
{
    /// <summary>What the seal of the grounds is bound to, beside the objection.</summary>
    public const string GroundsIsA = "objections.grounds";

    /// <summary>Stops the processing: at once for direct marketing, else until staff have decided.</summary>
    public async Task<Objection> RaiseAsync(
        KalisecuDb db,
        RightsCase rights,
        string purpose,
        bool isDirectMarketing,
        CancellationToken cancellationToken
    )
    {
        var key = Ids.LockKey($"kalisecu/objection/{rights.Person.TenantId:D}/{rights.Person.PersonId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        var earlier = await db.Set<Objection>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                o =>
                    o.TenantId == rights.Person.TenantId
                    && o.PersonId == rights.Person.PersonId
                    && o.Purpose == purpose
                    && o.State != ObjectionState.Overridden,
                cancellationToken
            );
        if (earlier is not null)
        {
            throw RightsErrors.AlreadyObjected(earlier.ObjectionId);
        }

        var objection = Objection.Raise(rights, purpose, isDirectMarketing, clock.GetCurrentInstant());
        db.Add(objection);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(
            db,
            isDirectMarketing ? "objection.stopped" : "objection.raised",
            objection,
            rights.Actor,
            [],
            cancellationToken
        );
        return objection;
    }

    /// <summary>Ends an open objection.</summary>
    /// <param name="grounds">The compelling legitimate grounds, or null: the processing stops.</param>
    public async Task<Objection> DecideAsync(
        KalisecuDb db,
        Guid objectionId,
        string etag,
        string? grounds,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Scope?.TenantId;
        var found = await db.Set<Objection>()
            .FromSql(
                $"select *, xmin from objections where tenant_id = {tenant} and objection_id = {objectionId} for no key update"
            )
            .ToListAsync(cancellationToken);
        if (found is not [var objection])
        {
            throw GeneralErrors.NotFound("objection", objectionId);
        }

        Etag.Require(etag, objection.Version, "objection");
        var now = clock.GetCurrentInstant();
        if (grounds is null)
        {
            objection.Stop(now);
        }
        else
        {
            objection.Override(keys.For(objection.Person.KeyOwner).EncryptText(grounds, GroundsIsA, objectionId), now);
        }

        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(
            db,
            grounds is null ? "objection.stopped" : "objection.overridden",
            objection,
            actor,
            grounds is null
                ? []
                : new(StringComparer.Ordinal)
                {
                    ["grounds"] = Convert.ToHexStringLower(keys.Hash(GroundsIsA, grounds)),
                },
            cancellationToken
        );
        return objection;
    }

    private Task AppendAsync(
        KalisecuDb db,
        string kind,
        Objection objection,
        string actor,
        Dictionary<string, object?> facts,
        CancellationToken cancellationToken
    )
    {
        facts["purpose"] = objection.Purpose;
        facts["privacy_request"] = objection.PrivacyRequestId.ToString("D");
        return evidence.AppendAsync(db, kind, objection.ObjectionId, actor, facts, cancellationToken);
    }
}
