using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

/// <summary>
/// Opens a session for who proves to be a person. The password is tried outside any transaction (it is slow), then each
/// account is judged under its lock: what is counted, taken or refused there holds over all processes.
/// </summary>
internal sealed class SignIn(AllTenants allTenants, PasswordHasher hasher, OpenSession open, FailedSignIns failed)
{
    // Whoever belongs to more tenants names one; it bounds what one attempt may cost.
    private const int MostAccounts = 10;

    // A refusal leaves on a full step of this, which is longer than a hash: what else was done for an address that
    // somebody has does not show.
    private static readonly TimeSpan RefuseInStepsOf = TimeSpan.FromMilliseconds(250);

    public async Task<SignedIn> RunAsync(SignInAttempt attempt, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        failed.Demand(attempt.EmailHash);
        var tried = await TryAsync(attempt, cancellationToken);

        // A wrong attempt must be counted, so its transaction commits, and only then the refusal is thrown.
        var signedIn = await allTenants.RunAsync(
            db => open.RunAsync(db, attempt, tried, cancellationToken),
            cancellationToken
        );
        if (signedIn is null)
        {
            failed.Count(attempt.EmailHash);
            await Task.Delay(UntilNextStep(TimeProvider.System.GetElapsedTime(started)), cancellationToken);
            throw AccountErrors.SignInRefused();
        }

        failed.Forget(attempt.EmailHash);
        return signedIn;
    }

    /// <summary>The person has something new to sign in with: earlier attempts say nothing about it.</summary>
    public void Forget(byte[] emailHash) => failed.Forget(emailHash);

    private async Task<List<TriedPassword>> TryAsync(SignInAttempt attempt, CancellationToken cancellationToken)
    {
        var accounts = await allTenants.RunAsync(db => FindAsync(db, attempt, cancellationToken), cancellationToken);
        var tried = new List<TriedPassword>();
        foreach (var account in accounts)
        {
            tried.Add(await TryAsync(account, attempt.Password, cancellationToken));
        }

        if (tried.Count == 0)
        {
            await hasher.VerifyAsync(stored: null, attempt.Password, cancellationToken);
        }

        return tried;
    }

    private static Task<List<Credential>> FindAsync(
        KalisecuDb db,
        SignInAttempt attempt,
        CancellationToken cancellationToken
    ) =>
        db.Set<Credential>()
            .AsNoTracking()
            .Where(c => c.EmailHash == attempt.EmailHash && c.EndTime == null && c.PasswordHash != null)
            .Where(c => attempt.TenantId == null || c.TenantId == attempt.TenantId)
            .OrderBy(c => c.TenantId != TenantScope.Platform)
            .ThenBy(c => c.TenantId)
            .Take(MostAccounts)
            .ToListAsync(cancellationToken);

    private async Task<TriedPassword> TryAsync(Credential account, string password, CancellationToken cancellationToken)
    {
        var stored = account.PasswordHash!;
        var fits = await hasher.VerifyAsync(stored, password, cancellationToken);
        var renewed =
            fits && PasswordHasher.IsOutdated(stored) ? await hasher.HashAsync(password, cancellationToken) : null;
        return new TriedPassword(account.TenantId, account.PersonId, stored, fits, renewed);
    }

    private static TimeSpan UntilNextStep(TimeSpan elapsed) =>
        TimeSpan.FromTicks(RefuseInStepsOf.Ticks - (elapsed.Ticks % RefuseInStepsOf.Ticks));
}

/// <summary>What somebody signs in with.</summary>
internal sealed record SignInAttempt(
    byte[] EmailHash,
    string Password,
    string TotpCode,
    Guid? TenantId,
    string CallerName
);

/// <summary>The session that was opened, or the tenants to choose from.</summary>
internal sealed record SignedIn(string? Token, Session? Session, PersonCard? Card, IReadOnlyList<PersonCard> Choices);

/// <summary>An account of the address and whether the password fits it.</summary>
/// <param name="Stored">The hash that was tried: another by the time of the judgement counts as a wrong password.</param>
/// <param name="Renewed">The same password hashed at today's cost, when the stored one is cheaper.</param>
internal sealed record TriedPassword(Guid TenantId, Guid PersonId, string Stored, bool Fits, string? Renewed);
