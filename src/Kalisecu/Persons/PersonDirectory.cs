using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>Registers persons in the transaction that makes them, finds them by their address, and says who they are.</summary>
internal sealed class PersonDirectory(IEnumerable<IPersonIdentities> identities, KeyRing keys, IClock clock)
{
    /// <summary>Registers a member or a member of staff, whose names stand in the caller's own table.</summary>
    public async Task RegisterAsync(
        KalisecuDb db,
        PersonRef person,
        string email,
        Language language,
        CancellationToken cancellationToken
    )
    {
        var emailHash = keys.HashEmail(email);
        await RequireUnrestrictedAsync(db, person.TenantId, emailHash, cancellationToken);
        db.Add(RegisteredPerson.Register(person, emailHash, language, clock.GetCurrentInstant()));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Registers a prospect or contact with this address, unless the scope knows a person by it already.</summary>
    /// <returns>The one that is registered now, and whether it is new; a known one is left as it is.</returns>
    public async Task<(RegisteredPerson Person, bool IsNew)> RegisterAsync(
        KalisecuDb db,
        PersonKind kind,
        PersonDetails details,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.Owner;
        var emailHash = keys.HashEmail(details.Email);
        // Two calls with one address must not both find nobody. No unique index can say it: a member may be a contact too.
        var lockKey = Ids.LockKey("kalisecu/persons/" + Convert.ToHexString(emailHash));
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({lockKey})", cancellationToken);
        // A member who signs an authorisation stays the member.
        var known = await db.Set<RegisteredPerson>()
            .Where(p => p.TenantId == tenantId && p.EmailHash == emailHash)
            .OrderBy(p => p.Kind == PersonKind.Member ? 0 : 1)
            .ThenByDescending(p => p.CreateTime)
            .FirstOrDefaultAsync(cancellationToken);
        if (known is not null)
        {
            return (known, false);
        }

        await RequireUnrestrictedAsync(db, tenantId, emailHash, cancellationToken);
        var now = clock.GetCurrentInstant();
        var person = new PersonRef(tenantId, Ids.New(now), kind);
        var registered = RegisteredPerson.Register(person, details, emailHash, keys.For(person.TenantId), now);
        db.Add(registered);
        await db.SaveChangesAsync(cancellationToken);
        return (registered, true);
    }

    /// <summary>All persons with this address: in every tenant when the transaction is platform-wide, else in its own.</summary>
    public static async Task<IReadOnlyList<PersonRef>> FindByEmailAsync(
        KalisecuDb db,
        byte[] emailHash,
        CancellationToken cancellationToken
    ) =>
        (
            await db.Set<RegisteredPerson>()
                .AsNoTracking()
                .Where(p => p.EmailHash == emailHash)
                .OrderBy(p => p.CreateTime)
                .ThenBy(p => p.PersonId)
                .Select(p => new
                {
                    p.TenantId,
                    p.PersonId,
                    p.Kind,
                })
                .ToListAsync(cancellationToken)
        ).ConvertAll(p => new PersonRef(p.TenantId, p.PersonId, p.Kind));

    public Task<IReadOnlyList<PersonRef>> FindByEmailAsync(
        KalisecuDb db,
        string email,
        CancellationToken cancellationToken
    ) => FindByEmailAsync(db, keys.HashEmail(email), cancellationToken);

    /// <summary>The person with this identifier, erased ones included; null when there is none in the transaction's reach.</summary>
    public static async Task<PersonRef?> FindAsync(KalisecuDb db, Guid personId, CancellationToken cancellationToken) =>
        (
            await Reach(db)
                .AsNoTracking()
                .Where(p => p.PersonId == personId)
                .Select(p => new
                {
                    p.TenantId,
                    p.PersonId,
                    p.Kind,
                })
                .SingleOrDefaultAsync(cancellationToken)
        )
            is { } found
            ? new PersonRef(found.TenantId, found.PersonId, found.Kind)
            : null;

    /// <summary>Names, address and language; null for the erased and for whom the transaction does not see.</summary>
    public async Task<PersonIdentity?> IdentityAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var registered = await db.Set<RegisteredPerson>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                p => p.TenantId == person.TenantId && p.PersonId == person.PersonId,
                cancellationToken
            );
        if (registered is null or { EraseTime: not null })
        {
            return null;
        }

        if (identities.SingleOrDefault(i => i.Kind == registered.Kind) is { } elsewhere)
        {
            return await elsewhere.FindAsync(db, registered, cancellationToken);
        }

        return registered.Open(keys.For(person.TenantId)) is { } details
            ? new PersonIdentity(details.FirstName, details.LastName, details.Email, details.Language)
            : null;
    }

    /// <summary>Whether this is the address by which we know the person: then what arrives there arrives with them.</summary>
    public async Task<bool> IsAddressOfAsync(
        KalisecuDb db,
        PersonRef person,
        string email,
        CancellationToken cancellationToken
    ) =>
        await IdentityAsync(db, person, cancellationToken) is { Email.Length: > 0 } known
        && keys.HashEmail(known.Email).AsSpan().SequenceEqual(keys.HashEmail(email));

    // GDPR art. 18(2): whoever is under restriction is not processed anew as somebody else.
    private static async Task RequireUnrestrictedAsync(
        KalisecuDb db,
        Guid tenantId,
        byte[] emailHash,
        CancellationToken cancellationToken
    )
    {
        var isRestricted = await db
            .Database.SqlQuery<bool>($"""select kalisecu_is_restricted({tenantId}, {emailHash}) as "Value" """)
            .SingleAsync(cancellationToken);
        if (isRestricted)
        {
            throw PersonErrors.UnderRestriction();
        }
    }

    // In a platform-wide transaction identifiers are searched without their tenant.
    private static IQueryable<RegisteredPerson> Reach(KalisecuDb db)
    {
        var tenantId = db.Scope?.TenantId;
        return db.Set<RegisteredPerson>().Where(p => tenantId == null || p.TenantId == tenantId);
    }
}
