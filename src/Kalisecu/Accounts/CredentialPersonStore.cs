using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>How a person signs in, and when it did. Whoever is restricted or forgotten is signed out everywhere at once.</summary>
internal sealed class CredentialPersonStore(PersonSessions sessions, KeyRing keys) : RowStore(keys)
{
    public override string Name => "credentials";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("credential", "credentials", "person_id") { TimeColumn = "sign_in_time" },
        new("session", "sessions", "person_id"),
    ];

    public override async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var credential = await db.Set<Credential>()
            .SingleOrDefaultAsync(
                c => c.TenantId == person.TenantId && c.PersonId == person.PersonId && c.EndTime == null,
                cancellationToken
            );
        if (credential is null || !values.TryGetValue(PersonField.Email, out var email))
        {
            return 0;
        }

        var hash = Keys.HashEmail(email);
        var isInUse = await db.Set<Credential>()
            .AnyAsync(
                c =>
                    c.TenantId == person.TenantId
                    && c.PersonId != person.PersonId
                    && c.EmailHash == hash
                    && c.EndTime == null,
                cancellationToken
            );
        if (isInUse)
        {
            throw AccountErrors.EmailInUse();
        }

        credential.ChangeEmail(hash);
        await db.SaveChangesAsync(cancellationToken);
        return 1;
    }

    public override async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        if (since is not null)
        {
            await sessions.EndAsync(db, person.TenantId, person.PersonId, except: null, cancellationToken);
        }

        return await base.RestrictAsync(db, person, since, cancellationToken);
    }

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var receipt = await base.EraseAsync(db, person, now, cancellationToken);
        await Revocations.PublishAsync(db, Revocations.PersonSessions(person.PersonId), cancellationToken);
        return receipt;
    }
}
