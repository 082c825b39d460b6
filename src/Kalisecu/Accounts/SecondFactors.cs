using Kalisecu.Access;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Second factors of signed-in people, and their passwords: proving the one guards changing the other.</summary>
internal sealed class SecondFactors(
    OwnCredential own,
    People people,
    TotpSecrets totp,
    PersonSessions sessions,
    IClock clock
)
{
    public async Task<BegunSecondFactor> BeginAsync(
        Person person,
        string password,
        CancellationToken cancellationToken
    ) =>
        await own.ChangeAsync(
            person,
            await own.ProveAsync(person, password, cancellationToken),
            async (db, credential) =>
            {
                var card =
                    await people.FindAsync(db, credential.TenantId, credential.PersonId, cancellationToken)
                    ?? throw AccessErrors.SessionNotValid();
                return totp.Begin(credential, card.Email, clock.GetCurrentInstant());
            },
            cancellationToken
        );

    /// <summary>Puts the begun factor into force; the other sessions end, this one counts as opened with it.</summary>
    public Task<bool> ConfirmAsync(Person person, string code, CancellationToken cancellationToken) =>
        own.ChangeAsync(
            person,
            async (db, credential) =>
            {
                var now = clock.GetCurrentInstant();
                if (!credential.HasBegunSecondFactor(now))
                {
                    throw AccountErrors.SecondFactorNotBegun();
                }

                if (totp.MatchPending(credential, code, now) is not { } step)
                {
                    return (false, AccountErrors.TotpCodeWrong());
                }

                credential.ConfirmSecondFactor(step);
                await EndOthersAsync(db, person, cancellationToken);
                await db.Set<Session>()
                    .Where(s => s.TenantId == credential.TenantId && s.SessionId == person.SessionId)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.MultiFactor, true), cancellationToken);
                return (true, null);
            },
            cancellationToken
        );

    public async Task<bool> RemoveAsync(Person person, string password, CancellationToken cancellationToken) =>
        await own.ChangeAsync(
            person,
            await own.ProveAsync(person, password, cancellationToken),
            (_, credential) =>
            {
                if (!credential.HasSecondFactor)
                {
                    throw AccountErrors.SecondFactorAbsent();
                }

                credential.RemoveSecondFactor();
                return Task.FromResult(true);
            },
            cancellationToken
        );

    private Task EndOthersAsync(KalisecuDb db, Person person, CancellationToken cancellationToken) =>
        sessions.EndAsync(db, OwnCredential.TenantOf(person), person.PersonId, person.SessionId, cancellationToken);
}
