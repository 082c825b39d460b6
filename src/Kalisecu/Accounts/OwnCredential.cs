using Kalisecu.Access;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// What signed-in people change about their own sign-in. A wrong password or code counts like one at the sign-in: a stolen
/// session is no place to guess.
/// </summary>
internal sealed class OwnCredential(AllTenants allTenants, PasswordHasher hasher, IClock clock)
{
    /// <summary>Runs a change after the password was proved.</summary>
    public async Task<T> WithPasswordAsync<T>(
        Person person,
        string password,
        Func<KalisecuDb, Credential, Task<T>> change,
        CancellationToken cancellationToken
    )
    {
        var tenantId = TenantOf(person);
        var stored = await allTenants.RunAsync(
            db =>
                db.Set<Credential>()
                    .Where(c => c.TenantId == tenantId && c.PersonId == person.PersonId)
                    .Select(c => c.PasswordHash)
                    .SingleOrDefaultAsync(cancellationToken),
            cancellationToken
        );
        var fits = await hasher.VerifyAsync(stored, password, cancellationToken);
        return await ChangeAsync<T>(
            person,
            async (db, credential) =>
                fits && string.Equals(credential.PasswordHash, stored, StringComparison.Ordinal)
                    ? (await change(db, credential), null)
                    : (default, AccountErrors.PasswordWrong()),
            cancellationToken
        );
    }

    /// <summary>Runs a change under the account's lock; when it answers a refusal, that counts as a wrong attempt.</summary>
    public async Task<T> ChangeAsync<T>(
        Person person,
        Func<KalisecuDb, Credential, Task<(T?, Refusal?)>> change,
        CancellationToken cancellationToken
    )
    {
        var (result, refusal) = await allTenants.RunAsync(
            async db =>
            {
                var now = clock.GetCurrentInstant();
                var credential =
                    await Credentials.LockAsync(db, TenantOf(person), person.PersonId, cancellationToken)
                    ?? throw AccessErrors.SessionNotValid();
                if (credential.IsLocked(now))
                {
                    throw AccountErrors.Locked(credential.LockedUntil!.Value - now);
                }

                var outcome = await change(db, credential);
                if (outcome.Item2 is not null)
                {
                    credential.Fail(now);
                }

                await db.SaveChangesAsync(cancellationToken);
                return outcome;
            },
            cancellationToken
        );
        return refusal is null ? result! : throw refusal;
    }

    public static Guid TenantOf(Person person) => person.TenantId ?? TenantScope.Platform;
}
