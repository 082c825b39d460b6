using Kalisecu.Persons;
using Kalisecu.Tenancy;

namespace Kalisecu.PrivacyRequests;

/// <summary>Finds whom a request is about, in every tenant. Restricted persons too: their rights are theirs (GDPR art. 18(2)).</summary>
internal sealed class RequestPersons(RestrictedRows rows, PersonDirectory directory)
{
    public Task<IReadOnlyList<PersonRef>> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        email.Length == 0
            ? Task.FromResult<IReadOnlyList<PersonRef>>([])
            : rows.InAllTenantsAsync(db => directory.FindByEmailAsync(db, email, cancellationToken), cancellationToken);

    public Task<PersonRef?> FindAsync(Guid personId, CancellationToken cancellationToken) =>
        rows.InAllTenantsAsync(db => PersonDirectory.FindAsync(db, personId, cancellationToken), cancellationToken);

    /// <summary>The first of these who still has names and an address; null when none has.</summary>
    public Task<PersonIdentity?> IdentityAsync(IEnumerable<PersonRef> persons, CancellationToken cancellationToken) =>
        rows.InAllTenantsAsync(
            async db =>
            {
                foreach (var person in persons)
                {
                    if (await directory.IdentityAsync(db, person, cancellationToken) is { } identity)
                    {
                        return identity;
                    }
                }

                return null;
            },
            cancellationToken
        );
}
