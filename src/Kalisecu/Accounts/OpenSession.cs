using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Judges each account that an attempt may mean, under its lock, and opens the session of the one that fits.</summary>
internal sealed class OpenSession(People people, TotpSecrets totp, IClock clock)
{
    /// <summary>The session, or the tenants to choose from; null when nothing fits. The caller commits what was counted.</summary>
    public async Task<SignedIn?> RunAsync(
        KalisecuDb db,
        SignInAttempt attempt,
        IReadOnlyList<TriedPassword> tried,
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

        SignedIn? signedIn = fitting switch
        {
            [] => null,
            [var only] => Open(db, only, attempt, now),
            _ when fitting.Find(f => f.Card!.IsStaff) is { } staff => Open(db, staff, attempt, now),
            _ => new SignedIn(null, null, null, [.. fitting.Select(f => f.Card!)]),
        };
        await db.SaveChangesAsync(cancellationToken);
        return signedIn;
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

    private enum Verdict
    {
        Fits,
        WrongPassword,
        WrongCode,
        Locked,

        /// <summary>Suspended, not yet active, or staff without a second factor.</summary>
        Barred,
    }

    private sealed record JudgedAccount(
        Credential Credential,
        PersonCard? Card,
        TriedPassword Tried,
        Verdict Verdict,
        long? Step
    );
}
