using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>
/// Finds who is affected: the registry of persons says who is there, the classified columns of the stores concerned say whose
/// data of which categories stand in them. Nobody types it.
/// </summary>
internal sealed class FindAffected(
    RestrictedRows rows,
    StoreDescriptions descriptions,
    BreachRecords records,
    IClock clock
)
{
    // An exercise shows that the search works; it need not name everybody.
    private const int OfDrill = 3;

    /// <summary>The stores concerned; refuses names that no store has.</summary>
    public IReadOnlyList<StoreDescription> Stores(IReadOnlyList<string> names)
    {
        var known = descriptions.All.ToDictionary(d => d.Store, StringComparer.Ordinal);
        var violations = new Violations();
        violations.Check(
            names.Count > 0 && names.All(known.ContainsKey),
            "stores",
            $"must be of {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}"
        );
        violations.ThrowIfAny();
        return [.. names.Distinct(StringComparer.Ordinal).Select(n => known[n])];
    }

    /// <summary>Whom the data name; also those whose processing is restricted: the protection of persons is why they are told.</summary>
    public Task<AffectedPersons> SearchAsync(
        IReadOnlyList<StoreDescription> stores,
        IReadOnlyList<Guid> tenantIds,
        CancellationToken cancellationToken
    ) =>
        rows.InAllTenantsAsync(
            async db =>
            {
                var kinds = stores.SelectMany(s => s.Persons).Distinct().ToList();
                Guid[] scope = [.. tenantIds];
                var persons = await db.Set<RegisteredPerson>()
                    .AsNoTracking()
                    .Where(p => p.EraseTime == null && kinds.Contains(p.Kind))
                    .Where(p => scope.Length == 0 || scope.Contains(p.TenantId))
                    .OrderBy(p => p.TenantId)
                    .ThenBy(p => p.PersonId)
                    .Select(p => new PersonRef(p.TenantId, p.PersonId, p.Kind))
                    .ToListAsync(cancellationToken);
                var clients = persons.Select(p => p.TenantId).Where(t => t != TenantScope.Platform).Distinct().ToList();
                var owners = await db.Set<Member>()
                    .AsNoTracking()
                    .Where(m => clients.Contains(m.TenantId) && m.Role == MemberRole.Owner)
                    .Where(m => m.State == MemberState.Active)
                    .OrderBy(m => m.TenantId)
                    .ThenBy(m => m.MemberId)
                    .Select(m => new PersonRef(m.TenantId, m.MemberId, PersonKind.Member))
                    .ToListAsync(cancellationToken);
                return new AffectedPersons(persons, owners, clients.Count);
            },
            cancellationToken
        );

    /// <summary>Records what was found.</summary>
    public async Task RecordAsync(
        KalisecuDb db,
        Breach breach,
        (IReadOnlyList<StoreDescription> Stores, IReadOnlyList<Guid> TenantIds, AffectedPersons Found) search,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var (persons, owners) = (search.Found.Persons, search.Found.Owners);
        if (breach.Drill)
        {
            (persons, owners) = ([.. persons.Take(OfDrill)], [.. owners.Take(OfDrill)]);
        }

        var kinds = persons.Select(p => p.Kind).Distinct().Order().ToList();
        breach.RecordReach(
            new BreachReach(
                [.. search.Stores.Select(s => s.Store)],
                search.TenantIds,
                search.Found.ClientCount,
                persons.Count,
                [.. kinds.Select(k => k.ToString())],
                [.. search.Stores.SelectMany(s => s.Categories).Distinct().Order().Select(c => c.ToString())]
            ),
            clock.GetCurrentInstant()
        );
        await db.SaveChangesAsync(cancellationToken);
        await AddAsync(db, breach, BreachAudience.Person, persons, cancellationToken);
        await AddAsync(db, breach, BreachAudience.Client, owners, cancellationToken);
        await records.RecordAsync(
            db,
            breach,
            "reach_found",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["stores"] = string.Join(' ', breach.Telling.ReachStores),
                ["tenant_count"] = search.TenantIds.Count,
                ["client_count"] = breach.Telling.ReachClientCount,
                ["person_count"] = breach.Telling.ReachPersonCount,
            },
            cancellationToken
        );
    }

    private static Task<int> AddAsync(
        KalisecuDb db,
        Breach breach,
        BreachAudience audience,
        IReadOnlyList<PersonRef> persons,
        CancellationToken cancellationToken
    )
    {
        Guid[] tenants = [.. persons.Select(p => p.TenantId)];
        Guid[] ids = [.. persons.Select(p => p.PersonId)];
        string[] kinds = [.. persons.Select(p => p.Kind.ToString())];
        return db.Database.ExecuteSqlRawAsync(
            BreachSql.AddRecipients,
            [breach.TenantId, breach.BreachId, audience.ToString(), breach.Telling.ReachNumber, tenants, ids, kinds],
            cancellationToken
        );
    }
}

/// <summary>Whom a search found.</summary>
/// <param name="Owners">Of the clients whose persons are among them.</param>
internal sealed record AffectedPersons(
    IReadOnlyList<PersonRef> Persons,
    IReadOnlyList<PersonRef> Owners,
    int ClientCount
);
