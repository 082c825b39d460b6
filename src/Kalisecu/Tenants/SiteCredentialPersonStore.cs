using System.Runtime.CompilerServices;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// Test accounts that a client gave us and that are a person's own: their user name is that person's address. It comes first,
/// because others forget the address by which they are recognised.
/// </summary>
internal sealed class SiteCredentialPersonStore(PersonDirectory persons, KeyRing keys) : IPersonStore
{
    private const string UserName = "user_name";

    public string Name => "site_credentials";

    public StoreOrder Order => StoreOrder.First;

    public IReadOnlyList<string> Tables { get; } = ["site_credentials"];

    public async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var credential in await OfAsync(db, person, cancellationToken))
        {
            var userName = keys.For(person.TenantId)
                .DecryptText(credential.UserName, UserName, credential.CredentialId);
            yield return new PersonalRecord(
                "site_credential",
                [
                    new PersonalValue("credential_id", credential.CredentialId, Provided: false),
                    new PersonalValue("site_id", credential.SiteId, Provided: false),
                    new PersonalValue("name", credential.Name, Provided: false),
                    new PersonalValue(UserName, userName, Provided: true),
                    new PersonalValue("create_time", credential.CreateTime, Provided: false),
                    new PersonalValue("update_time", credential.UpdateTime, Provided: false),
                ]
            );
        }
    }

    /// <summary>Nothing: the account is the site's, and called as the site calls it.</summary>
    public Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    ) => Task.FromResult(0);

    public async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        var marked = (await OfAsync(db, person, cancellationToken)).ConvertAll(c => c.CredentialId);
        Instant? moment = since is { } given ? Moment.Stored(given) : null;
        return await Marked(db, person, marked)
            .Where(c => EF.Property<Instant?>(c, ColumnClasses.RestrictTime) == null == (moment != null))
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => EF.Property<Instant?>(c, ColumnClasses.RestrictTime), moment),
                cancellationToken
            );
    }

    public async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) => new(Name, (await OfAsync(db, person, cancellationToken)).Count, []);

    public async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var going = (await OfAsync(db, person, cancellationToken)).ConvertAll(c => c.CredentialId);
        if (going.Count == 0)
        {
            await DemandRecognisableAsync(db, person, cancellationToken);
        }

        return new ErasureReceipt(Name, await Marked(db, person, going).ExecuteDeleteAsync(cancellationToken), []);
    }

    /// <summary>
    /// Nothing found means nothing held only while the address is known. The registry forgets a person last, so whoever it has
    /// forgotten was asked for here before; one whose names are gone too early must not be acknowledged.
    /// </summary>
    private async Task DemandRecognisableAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken)
    {
        var isRegistered = await db.Set<RegisteredPerson>()
            .AnyAsync(
                p => p.TenantId == person.TenantId && p.PersonId == person.PersonId && p.EraseTime == null,
                cancellationToken
            );
        if (isRegistered && await persons.IdentityAsync(db, person, cancellationToken) is null)
        {
            throw new InvalidOperationException(
                "The person's address is gone: nobody can say which test accounts were theirs."
            );
        }
    }

    private static IQueryable<SiteCredential> Marked(KalisecuDb db, PersonRef person, List<Guid> ids) =>
        db.Set<SiteCredential>().Where(c => c.TenantId == person.TenantId && ids.Contains(c.CredentialId));

    // A client has a few of them: opening each costs less than a hash beside each would.
    private async Task<List<SiteCredential>> OfAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var all = await db.Set<SiteCredential>()
            .AsNoTracking()
            .Where(c => c.TenantId == person.TenantId && c.RemoveTime == null)
            .OrderBy(c => c.CreateTime)
            .ToListAsync(cancellationToken);
        if (all.Count == 0 || await persons.IdentityAsync(db, person, cancellationToken) is not { } identity)
        {
            return [];
        }

        var key = keys.For(person.TenantId);
        return all.FindAll(c =>
            string.Equals(
                key.DecryptText(c.UserName, UserName, c.CredentialId).Trim(),
                identity.Email.Trim(),
                StringComparison.OrdinalIgnoreCase
            )
        );
    }
}
