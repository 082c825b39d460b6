using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>The registry itself. It comes last: as long as it knows the person, an erasure is not complete.</summary>
internal sealed class RegistryPersonStore(KeyRing keys) : RowStore(keys)
{
    public override string Name => "persons";

    public override StoreOrder Order => StoreOrder.Last;

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("person", "persons", "person_id")
        {
            Seals = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["email"] = PersonColumns.Email,
                ["first_name"] = PersonColumns.FirstName,
                ["last_name"] = PersonColumns.LastName,
                ["function"] = PersonColumns.Function,
                ["phone"] = PersonColumns.Phone,
                ["company_name"] = PersonColumns.CompanyName,
                ["company_address"] = PersonColumns.CompanyAddress,
                ["website_url"] = PersonColumns.WebsiteUrl,
                ["technologies"] = PersonColumns.Technologies,
            },
        },
    ];

    /// <summary>For members and staff the address alone is here, as the hash that finds them.</summary>
    public override async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var registered = await FindAsync(db, person, cancellationToken);
        if (registered is null or { EraseTime: not null })
        {
            return 0;
        }

        var key = Keys.For(person.TenantId);
        var count = values.Count;
        if (registered.Open(key) is { } details)
        {
            var corrected = details.With(values);
            registered.Set(corrected, Keys.HashEmail(corrected.Email), key);
        }
        else if (values.TryGetValue(PersonField.Email, out var email))
        {
            registered.ChangeEmail(Keys.HashEmail(email));
            count = 1;
        }
        else
        {
            return 0;
        }

        await db.SaveChangesAsync(cancellationToken);
        return count;
    }

    public override async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) => new(Name, await FindAsync(db, person, cancellationToken) is { EraseTime: null } ? 1 : 0, []);

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var registered = await FindAsync(db, person, cancellationToken);
        if (registered is null or { EraseTime: not null })
        {
            return new ErasureReceipt(Name, 0, []);
        }

        registered.Erase(now);
        await db.SaveChangesAsync(cancellationToken);
        return new ErasureReceipt(Name, 1, []);
    }

    private static Task<RegisteredPerson?> FindAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) =>
        db.Set<RegisteredPerson>()
            .SingleOrDefaultAsync(
                p => p.TenantId == person.TenantId && p.PersonId == person.PersonId,
                cancellationToken
            );
}
