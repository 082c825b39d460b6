using Kalisecu.Consent;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

/// <summary>Records a person's objection to a purpose, what staff decide on it, and that it is taken back (GDPR art. 21).</summary>
internal sealed class ObjectToProcessing(
    KeyRing keys,
    ConsentLedger ledger,
    ObjectionRefusal refusal,
    EvidenceLog evidence,
    IClock clock
)
{
    /// <summary>What the seal of the grounds is bound to, beside the objection.</summary>
    public const string GroundsIsA = "objections.grounds";

    /// <summary>
    /// Stops the processing at once: for good where the objection wins, else until staff have decided (GDPR art. 18(1)(d) and
    /// 21(1)).
    /// </summary>
    public async Task<Objection> RaiseAsync(
        KalisecuDb db,
        RightsCase rights,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var earlier = await LockStandingAsync(db, rights.Person, purpose, cancellationToken);
        var newest = await ConsentHistory.NewestAsync(
            db,
            rights.Person.TenantId,
            rights.Person.PersonId,
            purpose,
            moment: null,
            cancellationToken
        );
        // A consent that was given since has ended those before it: whoever changes their mind again objects again.
        var stands = newest?.Kind is ConsentEventKind.Objected;
        var same = earlier.Find(o =>
            o.State is ObjectionState.Open || (stands && o.PrivacyRequestId == rights.PrivacyRequestId)
        );
        if (same is not null)
        {
            throw RightsErrors.AlreadyObjected(same.ObjectionId);
        }

        var now = clock.GetCurrentInstant();
        var wins = await WinsAsync(db, purpose, now, cancellationToken) || stands;
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
        await SayAsync(db, objection, ConsentEventKind.Objected, rights.Actor, cancellationToken);
        return objection;
    }

    /// <summary>
    /// The person takes back what was objected to a purpose. Processing on a legitimate interest goes on; what rests on consent
    /// waits for a consent anew.
    /// </summary>
    public async Task<Objection> WithdrawAsync(
        KalisecuDb db,
        PersonRef person,
        string purpose,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var standing = await LockStandingAsync(db, person, purpose, cancellationToken);
        if (standing is not [var newest, ..])
        {
            throw GeneralErrors.NotFound("objection", person.PersonId);
        }

        var now = clock.GetCurrentInstant();
        standing.ForEach(o => o.Withdraw(now));
        await db.SaveChangesAsync(cancellationToken);
        foreach (var objection in standing)
        {
            await AppendAsync(db, "objection.withdrawn", objection, actor, [], cancellationToken);
        }

        var version = await Purposes.AtAsync(db, purpose, now, cancellationToken);
        if (version.LegalBasis is LegalBasis.LegitimateInterest)
        {
            await SayAsync(db, newest, ConsentEventKind.Resumed, actor, cancellationToken);
        }

        return newest;
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
        if (grounds is not null)
        {
            await refusal.PostAsync(db, objection, grounds, cancellationToken);
        }

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
        if (grounds is not null)
        {
            await SayAsync(db, objection, ConsentEventKind.Resumed, actor, cancellationToken, ConsentChannel.System);
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

    /// <summary>From this event on, whoever asks whether the processing is allowed is told so.</summary>
    /// <param name="channel">null for that of the request.</param>
    private async Task SayAsync(
        KalisecuDb db,
        Objection objection,
        ConsentEventKind said,
        string actor,
        CancellationToken cancellationToken,
        ConsentChannel? channel = null
    )
    {
        var came = await db.Set<PrivacyRequest>()
            .Where(r => r.PrivacyRequestId == objection.PrivacyRequestId)
            .Select(r => r.Channel)
            .SingleAsync(cancellationToken);
        var word = new ConsentWord(
            objection.PersonId,
            objection.Purpose,
            said,
            channel
                ?? came switch
                {
                    RequestChannel.Session => ConsentChannel.Dashboard,
                    RequestChannel.Email => ConsentChannel.Email,
                    RequestChannel.Paper => ConsentChannel.Paper,
                    _ => throw new InvalidOperationException($"No channel: {came}"),
                }
        );
        await ledger.AppendAsync(db, word, actor, cancellationToken);
    }

    /// <summary>The person's objections to a purpose that were neither overridden nor taken back, newest first.</summary>
    private static async Task<List<Objection>> LockStandingAsync(
        KalisecuDb db,
        PersonRef person,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var key = Ids.LockKey($"kalisecu/objection/{person.TenantId:D}/{person.PersonId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        return await db.Set<Objection>()
            .Where(o => o.TenantId == person.TenantId && o.PersonId == person.PersonId && o.Purpose == purpose)
            .Where(o => o.State == ObjectionState.Open || o.State == ObjectionState.Stopped)
            .OrderByDescending(o => o.CreateTime)
            .ThenByDescending(o => o.ObjectionId)
            .ToListAsync(cancellationToken);
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
