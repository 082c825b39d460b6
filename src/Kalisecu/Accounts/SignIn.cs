using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// Opens a session for who proves to be a person. The password is tried outside any transaction (it is slow), then each
/// account is judged under its lock: what is counted, taken or refused there holds over all processes.
/// </summary>
internal sealed class SignIn(
    AllTenants allTenants,
    People people,
    PasswordHasher hasher,
    TotpSecrets totp,
    IClock clock
)
{
    // Whoever belongs to more tenants names one; it bounds what one attempt may cost.
    private const int MostAccounts = 10;

    public async Task<SignedIn> RunAsync(SignInAttempt attempt, CancellationToken cancellationToken)
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

        // A wrong attempt must be counted, so its transaction commits, and only then the refusal is thrown.
        var (signedIn, refusal) = await allTenants.RunAsync(
            db => DecideAsync(db, attempt, tried, cancellationToken),
            cancellationToken
        );
        return signedIn ?? throw refusal ?? AccountErrors.SignInRefused();
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

    private async Task<(SignedIn?, Refusal?)> DecideAsync(
        KalisecuDb db,
        SignInAttempt attempt,
        List<TriedPassword> tried,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var judged = new List<JudgedAccount>();
        foreach (var one in tried)
        {
            if (await Credentials.LockAsync(db, one.TenantId, one.PersonId, cancellationToken) is { } credential)
            {
                var card = await people.FindAsync(db, one.TenantId, one.PersonId, cancellationToken);
                judged.Add(Judge(credential, card, one, attempt.TotpCode, now));
            }
        }

        var fitting = judged.Where(j => j.Verdict is Verdict.Fits).ToList();
        foreach (var wrong in judged.Where(j => Counts(j.Verdict, attempt, fitting.Count > 0)))
        {
            wrong.Credential.Fail(now);
        }

        var signedIn = fitting switch
        {
            [] => null,
            [var only] => Open(db, only, attempt, now),
            _ when fitting.Find(f => f.Card!.IsStaff) is { } staff => Open(db, staff, attempt, now),
            _ => new SignedIn(null, null, null, [.. fitting.Select(f => f.Card!)]),
        };
        await db.SaveChangesAsync(cancellationToken);
        return (signedIn, signedIn is null ? RefusalOf(judged, now) : null);
    }

    private JudgedAccount Judge(Credential credential, PersonCard? card, TriedPassword tried, string code, Instant now)
    {
        if (credential.IsLocked(now))
        {
            return new JudgedAccount(credential, card, tried, Verdict.Locked, null);
        }

        if (!tried.Fits || !string.Equals(credential.PasswordHash, tried.Stored, StringComparison.Ordinal))
        {
            return new JudgedAccount(credential, card, tried, Verdict.WrongPassword, null);
        }

        // Clause SEC-3: staff without a second factor get nothing.
        if (card is not { IsActive: true } || (card.IsStaff && !credential.HasSecondFactor))
        {
            return new JudgedAccount(credential, card, tried, Verdict.Barred, null);
        }

        var step = totp.Match(credential, code, now);
        var codeFits = !credential.HasSecondFactor || step > credential.TotpLastStep;
        return new JudgedAccount(credential, card, tried, codeFits ? Verdict.Fits : Verdict.WrongCode, step);
    }

    // One person may have one password in several tenants and a code for one of them: a missing code is no guess when another
    // account let the person in, a wrong one is.
    private static bool Counts(Verdict verdict, SignInAttempt attempt, bool anyFits) =>
        verdict switch
        {
            Verdict.WrongPassword => !anyFits,
            Verdict.WrongCode => !anyFits || attempt.TotpCode.Length > 0,
            Verdict.Fits or Verdict.Locked or Verdict.Barred => false,
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "no such verdict"),
        };

    private static SignedIn Open(KalisecuDb db, JudgedAccount account, SignInAttempt attempt, Instant now)
    {
        var (credential, card) = (account.Credential, account.Card!);
        if (account.Step is { } step)
        {
            credential.TakeStep(step);
        }

        if (account.Tried.Renewed is { } renewed)
        {
            credential.SetPassword(renewed);
        }

        credential.SignedIn(now);
        var token = OpaqueToken.New();
        var session = Session.Open(token, card, credential.HasSecondFactor, attempt.CallerName, now);
        db.Add(session);
        return new SignedIn(token, session, card, []);
    }

    private static Refusal RefusalOf(List<JudgedAccount> judged, Instant now) =>
        judged.Count > 0 && judged.TrueForAll(j => j.Verdict is Verdict.Locked)
            ? AccountErrors.Locked(judged.Max(j => j.Credential.LockedUntil!.Value) - now)
            : AccountErrors.SignInRefused();

    private enum Verdict
    {
        Fits,
        WrongPassword,
        WrongCode,
        Locked,

        /// <summary>Suspended, not yet active, or staff without a second factor.</summary>
        Barred,
    }

    private sealed record TriedPassword(Guid TenantId, Guid PersonId, string Stored, bool Fits, string? Renewed);

    private sealed record JudgedAccount(
        Credential Credential,
        PersonCard? Card,
        TriedPassword Tried,
        Verdict Verdict,
        long? Step
    );
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
