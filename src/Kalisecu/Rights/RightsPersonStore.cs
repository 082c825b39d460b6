using System.Runtime.CompilerServices;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

/// <summary>
/// What carrying out rights leaves about a person: copies of the data, which an erasure removes, and the proof of what was
/// done, which stays.
/// </summary>
internal sealed class RightsPersonStore(KeyRing keys, ObjectFolder objects) : ProofStore
{
    public override string Name => "rights";

    public override IReadOnlyList<string> Tables { get; } =
    ["data_exports", "export_links", "rectified_fields", "restrictions", "objections", "erasures", "recipient_notices"];

    public override async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var key = keys.For(person.TenantId);
        foreach (var export in await Exports(db, person).ToListAsync(cancellationToken))
        {
            yield return Record(
                "data_export",
                ("kind", export.Kind),
                ("create_time", export.CreateTime),
                ("expire_time", export.ExpireTime)
            );
        }

        // GDPR art. 19: whom we told, for whoever asks.
        foreach (var notice in await Notices(db, person).ToListAsync(cancellationToken))
        {
            yield return Record(
                "recipient_notice",
                ("recipient", notice.Recipient),
                ("cause", notice.CauseType),
                ("create_time", notice.CreateTime),
                ("by_letter", notice.LetterKey is not null),
                ("told_date", notice.ToldDate is { } told ? LocalDatePattern.Iso.Format(told) : null)
            );
        }

        foreach (var restriction in await Restrictions(db, person).ToListAsync(cancellationToken))
        {
            yield return Record(
                "restriction",
                ("ground", restriction.Ground),
                ("create_time", restriction.CreateTime),
                ("lift_time", restriction.LiftTime)
            );
        }

        foreach (var objection in await Objections(db, person).ToListAsync(cancellationToken))
        {
            yield return Record(
                "objection",
                ("purpose", objection.Purpose),
                ("state", objection.State),
                ("create_time", objection.CreateTime),
                (
                    "grounds",
                    objection.Grounds is { } grounds
                        ? key.DecryptText(grounds, ObjectToProcessing.GroundsIsA, objection.ObjectionId)
                        : null
                )
            );
        }
    }

    public override async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) =>
        new(
            Name,
            await Exports(db, person).CountAsync(e => e.RemoveTime == null, cancellationToken),
            await KeptAsync(db, person, cancellationToken)
        );

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var exports = await Exports(db, person)
            .AsTracking()
            .Where(e => e.RemoveTime == null)
            .ToListAsync(cancellationToken);
        foreach (var export in exports)
        {
            // The object first: when the row says that it is gone, it is.
            objects.Remove(export.TenantId, export.ObjectName);
            export.Remove(now);
        }

        await db.SaveChangesAsync(cancellationToken);
        return new ErasureReceipt(Name, exports.Count, await KeptAsync(db, person, cancellationToken));
    }

    /// <summary>Why processing went on although the person objected: needed to defend that decision.</summary>
    protected override async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) =>
        KeptRows.AsProof(
            KeptRows.LegalClaims,
            await Objections(db, person)
                .Where(o => o.State == ObjectionState.Overridden && o.DecideTime != null)
                .Select(o => o.DecideTime!.Value)
                .ToListAsync(cancellationToken)
        );

    private static IQueryable<DataExport> Exports(KalisecuDb db, PersonRef person) =>
        db.Set<DataExport>()
            .AsNoTracking()
            .Where(e => e.TenantId == person.TenantId && e.PersonId == person.PersonId)
            .OrderBy(e => e.CreateTime);

    private static IQueryable<Restriction> Restrictions(KalisecuDb db, PersonRef person) =>
        db.Set<Restriction>()
            .AsNoTracking()
            .Where(r => r.TenantId == person.TenantId && r.PersonId == person.PersonId)
            .OrderBy(r => r.CreateTime);

    private static IQueryable<RecipientNotice> Notices(KalisecuDb db, PersonRef person) =>
        db.Set<RecipientNotice>()
            .AsNoTracking()
            .Where(n => n.TenantId == person.TenantId && n.PersonId == person.PersonId)
            .OrderBy(n => n.CreateTime);

    private static IQueryable<Objection> Objections(KalisecuDb db, PersonRef person) =>
        db.Set<Objection>()
            .AsNoTracking()
            .Where(o => o.TenantId == person.TenantId && o.PersonId == person.PersonId)
            .OrderBy(o => o.CreateTime);

    private static PersonalRecord Record(string type, params (string Name, object? Value)[] values) =>
        new(type, [.. values.Select(v => new PersonalValue(v.Name, v.Value, Provided: false))]);
}
