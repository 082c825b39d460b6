using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Persons;

/// <summary>Persons as staff reads them, with names wherever those stand.</summary>
internal sealed class PersonReading(PersonDirectory directory, RestrictedRows rows, AllTenants allTenants, KeyRing keys)
{
    /// <summary>
    /// Platform-wide. The data-protection officer, who answers for restrictions, sees that restricted persons are there; who
    /// they are stays closed (GDPR art. 18(2)).
    /// </summary>
    public Task<T> RunAsync<T>(Caller caller, Func<KalisecuDb, Task<T>> read, CancellationToken cancellationToken) =>
        caller.Person?.Role is Role.StaffDpo
            ? rows.InAllTenantsAsync(read, cancellationToken)
            : allTenants.RunAsync(read, cancellationToken);

    public static async Task<RegisteredPerson> FindAsync(
        KalisecuDb db,
        Guid personId,
        CancellationToken cancellationToken
    ) =>
        await db.Set<RegisteredPerson>().SingleOrDefaultAsync(p => p.PersonId == personId, cancellationToken)
        ?? throw GeneralErrors.NotFound("person", personId);

    /// <summary>Newest first; one row more than asked for when there is a next page.</summary>
    public async Task<List<RegisteredPerson>> ListAsync(
        KalisecuDb db,
        string? email,
        IReadOnlyList<PersonKind> kinds,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var persons = db.Set<RegisteredPerson>().AsNoTracking();
        if (email is not null)
        {
            var hash = keys.HashEmail(email);
            persons = persons.Where(p => p.EmailHash == hash);
        }

        if (kinds.Count > 0)
        {
            persons = persons.Where(p => kinds.Contains(p.Kind));
        }

        if (page.After is { } after)
        {
            var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
            persons = persons.Where(p =>
                EF.Functions.LessThan(ValueTuple.Create(p.CreateTime, p.PersonId), ValueTuple.Create(time, id))
            );
        }

        return await persons
            .OrderByDescending(p => p.CreateTime)
            .ThenByDescending(p => p.PersonId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
    }

    public async Task<V1.Person> WriteAsync(KalisecuDb db, RegisteredPerson person, CancellationToken cancellationToken)
    {
        if (person is { RestrictTime: not null } or { EraseTime: not null })
        {
            return PersonProto.Write(person, details: null);
        }

        if (person.Open(keys.For(person.Ref.TenantId)) is { } details)
        {
            return PersonProto.Write(person, details);
        }

        var identity = await directory.IdentityAsync(db, person.Ref, cancellationToken);
        return PersonProto.Write(
            person,
            identity is null
                ? null
                : new PersonDetails(identity.Email, identity.FirstName, identity.LastName, identity.Language)
        );
    }
}
