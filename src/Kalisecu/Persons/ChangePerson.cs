using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>Registers prospects and contacts and changes what is known of them, each with its evidence.</summary>
internal sealed class ChangePerson(PersonDirectory directory, KeyRing keys, EvidenceLog evidence, IClock clock)
{
    public async Task<RegisteredPerson> RegisterAsync(
        KalisecuDb db,
        PersonKind kind,
        PersonDetails details,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var (person, isNew) = await directory.RegisterAsync(db, kind, details, cancellationToken);
        if (!isNew && person.Kind is PersonKind.Prospect)
        {
            person.Contacted(clock.GetCurrentInstant());
            await db.SaveChangesAsync(cancellationToken);
        }

        var verb = isNew ? "person.registered" : "person.contacted";
        await RecordAsync(db, verb, person, actor, ("kind", person.Kind.ToString()), cancellationToken);
        return person;
    }

    public async Task<RegisteredPerson> UpdateAsync(
        KalisecuDb db,
        Guid personId,
        Func<PersonDetails, PersonDetails> change,
        string etag,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var person = await PersonReading.FindAsync(db, personId, cancellationToken);
        Etag.Require(etag, person.Version, "person");
        RequireHeld(person);
        var key = keys.For(person.Ref.TenantId);
        var details = change(person.Open(key) ?? throw PersonErrors.KeptElsewhere(person));
        person.Set(details, keys.HashEmail(details.Email), key);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "person.updated", person, actor, ("kind", person.Kind.ToString()), cancellationToken);
        return person;
    }

    public async Task<RegisteredPerson> ContactedAsync(
        KalisecuDb db,
        Guid personId,
        Instant contactTime,
        string contactKind,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var person = await PersonReading.FindAsync(db, personId, cancellationToken);
        RequireHeld(person);
        if (person.Kind is not PersonKind.Prospect)
        {
            throw PersonErrors.NotProspect(person);
        }

        person.Contacted(contactTime);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "person.contacted", person, actor, ("contact_kind", contactKind), cancellationToken);
        return person;
    }

    private static void RequireHeld(RegisteredPerson person)
    {
        if (person.EraseTime is not null)
        {
            throw PersonErrors.Erased(person);
        }
    }

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        RegisteredPerson person,
        string actor,
        (string Name, string Value) fact,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            person.PersonId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { [fact.Name] = fact.Value },
            cancellationToken
        );
}
