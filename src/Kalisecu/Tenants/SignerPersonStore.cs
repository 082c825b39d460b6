using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// Who signed permissions to test. The permission is what makes a scan lawful: who gave it is kept, hidden, until nobody can
/// ask a court about the scans any more (GDPR art. 17(3)(e), Civil Code art. 2224), then forgotten.
/// </summary>
internal sealed class SignerPersonStore(KeyRing keys, IClock clock) : RowStore(keys)
{
    public override string Name => "authorisation_signers";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("authorisation_signer", "authorisation_signers", "person_id")
        {
            OwnerColumn = "authorisation_id",
            Seals = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["name"] = "signer_name",
                ["email"] = "signer_email",
                ["function"] = "signer_function",
            },
        },
    ];

    public override async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var name = WholeName.Of(values);
        var email = values.GetValueOrDefault(PersonField.Email);
        var function = values.GetValueOrDefault(PersonField.Function);
        var each = new[] { name, email, function }.Count(v => v is not null);
        if (each == 0)
        {
            return 0;
        }

        var signers = await Of(db, person).ToListAsync(cancellationToken);
        foreach (var signer in signers)
        {
            signer.Correct(name, email, function, Keys.For(person.TenantId).EncryptText);
        }

        await db.SaveChangesAsync(cancellationToken);
        return each * signers.Count;
    }

    public override async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var (going, kept) = await DivideAsync(db, person, clock.GetCurrentInstant(), cancellationToken);
        return new ErasurePlan(Name, going.Count, kept);
    }

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var (going, kept) = await DivideAsync(db, person, now, cancellationToken);
        var erased = await Of(db, person)
            .Where(s => going.Contains(s.AuthorisationId))
            .ExecuteDeleteAsync(cancellationToken);
        await RestrictAsync(db, person, now, cancellationToken);
        return new ErasureReceipt(Name, erased, kept);
    }

    private static IQueryable<AuthorisationSigner> Of(KalisecuDb db, PersonRef person) =>
        db.Set<AuthorisationSigner>().Where(s => s.TenantId == person.TenantId && s.PersonId == person.PersonId);

    private static async Task<(List<Guid> Going, List<KeptRows> Kept)> DivideAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var signed = await Of(db, person)
            .AsNoTracking()
            .Join(
                db.Set<Authorisation>(),
                s => new { s.TenantId, s.AuthorisationId },
                a => new { a.TenantId, a.AuthorisationId },
                (s, a) =>
                    new
                    {
                        s.AuthorisationId,
                        a.EndTime,
                        a.RevokeTime,
                    }
            )
            .ToListAsync(cancellationToken);
        var today = Paris.DateOf(now);
        var dated = signed.ConvertAll(s =>
            (Id: s.AuthorisationId, Until: CalendarPeriod.Proof.GoesOn(Paris.DateOf(s.RevokeTime ?? s.EndTime)))
        );
        var kept = dated.Where(s => s.Until > today).ToList();
        return (
            dated.Where(s => s.Until <= today).Select(s => s.Id).ToList(),
            kept.Count == 0 ? [] : [new KeptRows(kept.Count, KeptRows.LegalClaims, kept.Max(s => s.Until))]
        );
    }
}
