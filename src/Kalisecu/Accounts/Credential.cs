using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>What a person signs in with, and how attempts went. Ended ones stay as rows until retention removes them.</summary>
internal sealed class Credential
{
    // Our own margin: time to scan a code and type it, little enough that a forgotten screen is worth nothing.
    private static readonly Duration ConfirmWithin = Duration.FromMinutes(10);

    private Credential() { }

    /// <summary>The platform's identifier for staff.</summary>
    public Guid TenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public byte[] EmailHash { get; private set; } = [];

    public string? PasswordHash { get; private set; }

    public byte[]? TotpSecret { get; private set; }

    public long TotpLastStep { get; private set; }

    public byte[]? PendingTotpSecret { get; private set; }

    public Instant? PendingTotpExpireTime { get; private set; }

    public int FailedCount { get; private set; }

    public Instant? FailedTime { get; private set; }

    public Instant? LockedUntil { get; private set; }

    public byte[]? InvitationHash { get; private set; }

    public Instant? InvitationExpireTime { get; private set; }

    /// <summary>When the person last accepted an invitation; null for one who never did.</summary>
    public Instant? AcceptTime { get; private set; }

    public Instant? SignInTime { get; private set; }

    public Instant? EndTime { get; private set; }

    public bool HasSecondFactor => TotpSecret is not null;

    public bool IsLocked(Instant now) => LockedUntil > now;

    public bool IsInvited(Instant now) => EndTime is null && InvitationHash is not null && InvitationExpireTime > now;

    public void ChangeEmail(byte[] emailHash) => EmailHash = emailHash;

    public void SetPassword(string passwordHash) => PasswordHash = passwordHash;

    public void SignedIn(Instant now)
    {
        SignInTime = now;
        Forgive();
    }

    /// <summary>Counts a wrong attempt; the last one that is allowed locks.</summary>
    public void Fail(Instant now)
    {
        var after = new LockOut(FailedCount, FailedTime, LockedUntil).AfterFailure(now);
        (FailedCount, FailedTime, LockedUntil) = (after.FailedCount, after.FailedTime, after.LockedUntil);
    }

    public void Forgive()
    {
        FailedCount = 0;
        FailedTime = null;
        LockedUntil = null;
    }

    /// <summary>Takes a code's time step; false when it or a later one was taken before.</summary>
    public bool TakeStep(long step)
    {
        if (step <= TotpLastStep)
        {
            return false;
        }

        TotpLastStep = step;
        return true;
    }

    public Instant BeginSecondFactor(byte[] sealedSecret, Instant now)
    {
        PendingTotpSecret = sealedSecret;
        // An invitation's own end counts as long as it is open.
        PendingTotpExpireTime = IsInvited(now) ? InvitationExpireTime!.Value : now + ConfirmWithin;
        return PendingTotpExpireTime.Value;
    }

    public bool HasBegunSecondFactor(Instant now) => PendingTotpSecret is not null && PendingTotpExpireTime > now;

    /// <summary>Puts the begun second factor into force; the step of its first code is taken with it.</summary>
    public void ConfirmSecondFactor(long step)
    {
        TotpSecret = PendingTotpSecret;
        TotpLastStep = step;
        PendingTotpSecret = null;
        PendingTotpExpireTime = null;
    }

    public void RemoveSecondFactor()
    {
        TotpSecret = null;
        PendingTotpSecret = null;
        PendingTotpExpireTime = null;
    }

    public void UseInvitation(Instant now)
    {
        AcceptTime = now;
        InvitationHash = null;
        InvitationExpireTime = null;
        Forgive();
    }

    /// <summary>Takes away everything to sign in with; a new invitation is the way back.</summary>
    public void Invite(byte[] invitationHash, Instant expireTime)
    {
        PasswordHash = null;
        RemoveSecondFactor();
        Forgive();
        InvitationHash = invitationHash;
        InvitationExpireTime = expireTime;
    }

    /// <summary>For good: the e-mail address is free for another person.</summary>
    public void End(Instant now)
    {
        PasswordHash = null;
        RemoveSecondFactor();
        InvitationHash = null;
        InvitationExpireTime = null;
        EndTime ??= now;
    }
}
