using Kalisecu.Consent;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

/// <summary>Records a person's objection to a purpose, and what staff decide on it (GDPR art. 21).</summary>
internal sealed class ObjectToProcessing(KeyRing keys, ConsentLedger ledger, EvidenceLog evidence, IClock clock)
{
    /// <summary>What the seal of the grounds is bound to, beside the objection.</summary>
    public const string GroundsIsA = "objections.grounds";

    /// <summary>Stops the processing: at once for direct marketing, else until staff have decided.</summary>
    public async Task<Objection> RaiseAsync(
        KalisecuDb db,
        RightsCase rights,
        string purpose,
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

        var now = clock.GetCurrentInstant();
        var wins = await WinsAsync(db, purpose, now, cancellationToken);
        var objection = Objection.Raise(rights, purpose, wins, now);
        db.Add(objection);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(
            db,
            wins ? "objection.stopped" : "objection.raised",
            objection,
            rights.Actor,
            [],
            cancellationToken
        );
        if (wins)
        {
            await StopAsync(db, objection, rights.Actor, cancellationToken);
        }

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
            objection.Override(keys.For(objection.Person.TenantId).EncryptText(grounds, GroundsIsA, objectionId), now);
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
        if (grounds is null)
        {
            await StopAsync(db, objection, actor, cancellationToken);
        }

        return objection;
    }

    public V1.Objection Write(Objection objection) =>
        RightsProto.Write(
            objection,
            objection.Grounds is { } grounds
                ? keys.For(objection.Person.TenantId).DecryptText(grounds, GroundsIsA, objection.ObjectionId)
                : ""
        );

    /// <summary>
    /// GDPR art. 21(3): direct marketing, and whatever else rests on consent, ends with the person's word alone. What a contract
    /// needs or a law demands cannot be objected to.
    /// </summary>
    private static async Task<bool> WinsAsync(
        KalisecuDb db,
        string purpose,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var version = await Purposes.AtAsync(db, purpose, now, cancellationToken);
        return version.LegalBasis switch
        {
            LegalBasis.Consent => true,
            LegalBasis.LegitimateInterest => false,
            _ => throw ConsentErrors.ObjectionNotPossible(version),
        };
    }

    /// <summary>From this event on, whoever asks whether the processing is allowed is told no.</summary>
    private async Task StopAsync(KalisecuDb db, Objection objection, string actor, CancellationToken cancellationToken)
    {
        var channel = await db.Set<PrivacyRequest>()
            .Where(r => r.PrivacyRequestId == objection.PrivacyRequestId)
            .Select(r => r.Channel)
            .SingleAsync(cancellationToken);
        var word = new ConsentWord(
            objection.PersonId,
            objection.Purpose,
            ConsentEventKind.Objected,
            channel switch
            {
                RequestChannel.Session => ConsentChannel.Dashboard,
                RequestChannel.Email => ConsentChannel.Email,
                RequestChannel.Paper => ConsentChannel.Paper,
                _ => throw new InvalidOperationException($"No channel: {channel}"),
            }
        );
        await ledger.AppendAsync(db, word, actor, cancellationToken);
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
