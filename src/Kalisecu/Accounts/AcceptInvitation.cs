using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Sets the password of an invited person; a member is active with it, staff set up a second factor first.</summary>
internal sealed class AcceptInvitation(
    AllTenants allTenants,
    People people,
    PasswordHasher hasher,
    TotpSecrets totp,
    IClock clock
)
{
    public async Task<(PersonCard Card, BegunSecondFactor? SecondFactor)> RunAsync(
        string token,
        string password,
        CancellationToken cancellationToken
    )
    {
        var card = await allTenants.RunAsync(
            async db => (await InvitedAsync(db, token, cancellationToken)).Card,
            cancellationToken
        );
        if (PasswordRule.Fault(password, card.Email, card.DisplayName) is { } fault)
        {
            throw AccountErrors.PasswordTooWeak(fault);
        }

        var hash = await hasher.HashAsync(password, cancellationToken);
        return await allTenants.RunAsync(db => AcceptAsync(db, token, hash, cancellationToken), cancellationToken);
    }

    /// <summary>Confirms the second factor of invited staff, which makes the account active.</summary>
    public async Task CompleteAsync(string token, string code, CancellationToken cancellationToken) =>
        await allTenants.RunAsync(
            async db =>
            {
                var now = clock.GetCurrentInstant();
                var (credential, card) = await InvitedAsync(db, token, cancellationToken);
                if (!credential.HasBegunSecondFactor(now))
                {
                    throw AccountErrors.SecondFactorNotBegun();
                }

                // Who holds the invitation was shown the secret: there is nothing to guess, so nothing is counted.
                var step = totp.MatchPending(credential, code, now) ?? throw AccountErrors.TotpCodeWrong();
                credential.ConfirmSecondFactor(step);
                credential.UseInvitation(now);
                await db.SaveChangesAsync(cancellationToken);
                await people.ActivateAsync(db, card.TenantId, card.PersonId, cancellationToken);
                return true;
            },
            cancellationToken
        );

    private async Task<(PersonCard Card, BegunSecondFactor? SecondFactor)> AcceptAsync(
        KalisecuDb db,
        string token,
        string passwordHash,
        CancellationToken cancellationToken
    )
    {
        var (credential, card) = await InvitedAsync(db, token, cancellationToken);
        credential.SetPassword(passwordHash);
        var now = clock.GetCurrentInstant();
        if (card.IsStaff)
        {
            var begun = totp.Begin(credential, card.Email, now);
            await db.SaveChangesAsync(cancellationToken);
            return (card, begun);
        }

        credential.UseInvitation(now);
        await db.SaveChangesAsync(cancellationToken);
        await people.ActivateAsync(db, card.TenantId, card.PersonId, cancellationToken);
        return (card, null);
    }

    private async Task<(Credential Credential, PersonCard Card)> InvitedAsync(
        KalisecuDb db,
        string token,
        CancellationToken cancellationToken
    )
    {
        var hash = OpaqueToken.Hash(token);
        var found = await db.Set<Credential>()
            .AsNoTracking()
            .Where(c => c.InvitationHash == hash)
            .Select(c => new { c.TenantId, c.PersonId })
            .SingleOrDefaultAsync(cancellationToken);
        var credential = found is null
            ? null
            : await Credentials.LockAsync(db, found.TenantId, found.PersonId, cancellationToken);
        // Looked at again under the lock: it may have been used or replaced a moment ago.
        if (
            credential is null
            || !credential.IsInvited(clock.GetCurrentInstant())
            || !credential.InvitationHash.AsSpan().SequenceEqual(hash)
        )
        {
            throw AccountErrors.InvitationNotValid();
        }

        var card = await people.FindAsync(db, credential.TenantId, credential.PersonId, cancellationToken);
        return (credential, card ?? throw AccountErrors.InvitationNotValid());
    }
}
