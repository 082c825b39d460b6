using System.Security.Cryptography;
using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

internal enum IdentityMethod
{
    Session,
    Code,
    Judgement,
}

/// <summary>How it is known who asks.</summary>
internal sealed partial class PrivacyRequest
{
    public IdentityMethod? IdentityMethod { get; private set; }

    public Instant? IdentityTime { get; private set; }

    public byte[]? IdentityGrounds { get; private set; }

    public byte[]? CodeHash { get; private set; }

    /// <summary>Where the code went.</summary>
    public byte[]? CodeEmail { get; private set; }

    /// <summary>
    /// The address whose mail the person was shown to read, sealed as the code's: answers go there, wherever the request came from.
    /// </summary>
    public byte[]? ProvedEmail { get; private set; }

    public Instant? CodeExpireTime { get; private set; }

    public int CodeAttemptCount { get; private set; }

    /// <summary>Suspends the clock from the day of the first question; a further question replaces the code alone.</summary>
    /// <param name="code">null for a question without a code.</param>
    /// <param name="grounds">What makes the doubt reasonable; null leaves what was recorded.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isUnproved">Whether the request is about somebody whom no proof covers yet.</param>
    public void AskForIdentity(SentCode? code, byte[]? grounds, Instant now, bool isUnproved = false)
    {
        RequireOpen();
        RequireUnproved(isUnproved);
        State = PrivacyRequestState.AwaitingIdentity;
        SuspendDate ??= Paris.DateOf(now);
        IdentityGrounds = grounds ?? IdentityGrounds;
        CodeHash = code?.Hash;
        CodeEmail = code?.Email;
        CodeExpireTime = code is null ? null : Moment.Stored(now + IdentityCode.Valid);
        CodeAttemptCount = 0;
        Changed(now);
    }

    /// <summary>Counts a try; a right one confirms nothing yet.</summary>
    public CodeAttempt TryCode(ReadOnlySpan<byte> codeHash, Instant now)
    {
        if (!IsOpen || CodeHash is null || CodeExpireTime <= now)
        {
            return CodeAttempt.Wrong;
        }

        if (CodeAttemptCount >= IdentityCode.AllowedAttempts)
        {
            return CodeAttempt.Locked;
        }

        if (CryptographicOperations.FixedTimeEquals(codeHash, CodeHash))
        {
            return CodeAttempt.Right;
        }

        CodeAttemptCount++;
        Changed(now);
        return CodeAttemptCount >= IdentityCode.AllowedAttempts ? CodeAttempt.Locks : CodeAttempt.Wrong;
    }

    /// <summary>It is known who asks: the clock runs again.</summary>
    public void ConfirmIdentity(IdentityMethod method, byte[]? grounds, Instant now, bool isUnproved = false)
    {
        RequireOpen();
        RequireUnproved(isUnproved);
        IdentityMethod = method;
        if (method is PrivacyRequests.IdentityMethod.Code)
        {
            ProvedEmail = CodeEmail;
        }

        IdentityTime = Moment.Stored(now);
        IdentityGrounds = grounds ?? IdentityGrounds;
        if (SuspendDate is { } since)
        {
            SuspendedDays += new Suspension(since, Paris.DateOf(now)).DaysBy(Paris.DateOf(now));
            SuspendDate = null;
            SuspendedDueDate = LaterDate();
        }

        if (State == PrivacyRequestState.AwaitingIdentity)
        {
            // The question said that the request has come.
            AcknowledgeTime ??= Moment.Stored(now);
            State = PrivacyRequestState.Acknowledged;
        }

        Changed(now);
    }

    // Persons who were added after a proof need one of their own.
    private void RequireUnproved(bool isUnproved)
    {
        if (IdentityMethod is not null && !isUnproved)
        {
            throw PrivacyRequestErrors.IdentityConfirmed(PrivacyRequestId);
        }
    }

    private void RequireIdentity()
    {
        if (IdentityMethod is null)
        {
            throw PrivacyRequestErrors.IdentityNotConfirmed(PrivacyRequestId);
        }
    }
}

/// <summary>A one-time code on its way: its keyed hash, and the sealed address that it went to.</summary>
internal sealed record SentCode(byte[] Hash, byte[] Email);
