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
internal sealed class OwnCredential(AllTenants allTenants, PasswordHasher hasher, SignInLimits limits, IClock clock)
{
    /// <summary>Tries the person's password, outside any transaction. Refused ACCOUNT_LOCKED before anything is hashed.</summary>
    public async Task<ProvedPassword> ProveAsync(Person person, string password, CancellationToken cancellationToken)
    {
        limits.Demand(person);
        var tenantId = TenantOf(person);
        var stored = await allTenants.RunAsync(
            async db =>
            {
                var credential = await db.Set<Credential>()
                    .AsNoTracking()
                    .SingleOrDefaultAsync(
                        c => c.TenantId == tenantId && c.PersonId == person.PersonId,
                        cancellationToken
                    );
                DemandUnlocked(credential);
                return credential?.PasswordHash;
            },
            cancellationToken
        );
        return new ProvedPassword(stored, await hasher.VerifyAsync(stored, password, cancellationToken));
    }

    /// <summary>Runs a change when the password was proved and is still the same; a wrong one is counted and refused.</summary>
    public Task<T> ChangeAsync<T>(
        Person person,
        ProvedPassword proved,
        Func<KalisecuDb, Credential, Task<T>> change,
        CancellationToken cancellationToken
    ) =>
        CountAsync<T>(
            person,
            async (db, credential) =>
                proved.Fits && string.Equals(credential.PasswordHash, proved.Stored, StringComparison.Ordinal)
                    ? (await change(db, credential), null)
                    : (default, AccountErrors.PasswordWrong()),
            cancellationToken
        );

    /// <summary>Runs a change under the account's lock; when it answers a refusal, that counts as a wrong attempt.</summary>
    public Task<T> ChangeAsync<T>(
        Person person,
        Func<KalisecuDb, Credential, Task<(T?, Refusal?)>> change,
        CancellationToken cancellationToken
    )
    {
        limits.Demand(person);
        return CountAsync(person, change, cancellationToken);
    }

    public static Guid TenantOf(Person person) => person.TenantId ?? TenantScope.Platform;

    private async Task<T> CountAsync<T>(
        Person person,
        Func<KalisecuDb, Credential, Task<(T?, Refusal?)>> change,
        CancellationToken cancellationToken
    )
    {
        var (result, refusal) = await allTenants.RunAsync(
            async db =>
            {
                var credential =
                    await Credentials.LockAsync(db, TenantOf(person), person.PersonId, cancellationToken)
                    ?? throw AccessErrors.SessionNotValid();
                DemandUnlocked(credential);
                var outcome = await change(db, credential);
                if (outcome.Item2 is not null)
                {
                    credential.Fail(clock.GetCurrentInstant());
                }

                await db.SaveChangesAsync(cancellationToken);
                return outcome;
            },
            cancellationToken
        );
        return refusal is null ? result! : throw refusal;
    }

    private void DemandUnlocked(Credential? credential)
    {
        var now = clock.GetCurrentInstant();
        if (credential?.IsLocked(now) is true)
        {
            throw AccountErrors.Locked(credential.LockedUntil!.Value - now);
        }
    }
}

/// <summary>Whether a password fits, and the hash that it was tried against.</summary>
internal sealed record ProvedPassword(string? Stored, bool Fits);
