using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>How a request is answered: extension, outcomes, refusal, completion, withdrawal.</summary>
internal sealed partial class PrivacyRequest
{
    /// <summary>
    /// GDPR art. 12(3): once, with reasons, and told within the first month, whatever was suspended. The date moves when the
    /// notice was sent.
    /// </summary>
    public void Extend(byte[]? reasons, Instant now)
    {
        RequireOpen();
        if (ExtendTime is { } extended)
        {
            throw PrivacyRequestErrors.Extended(PrivacyRequestId, extended);
        }

        if (!Clock.MayExtendAt(now))
        {
            throw PrivacyRequestErrors.ExtensionTooLate(PrivacyRequestId, Clock.Due);
        }

        ExtendTime = Moment.Stored(now);
        ExtendReasons = reasons;
        Changed(now);
    }

    /// <summary>The notice of the extension was sent.</summary>
    /// <returns>Whether it left in time: else the first date stays.</returns>
    public bool NotifyExtension(Instant sendTime, Instant now)
    {
        RequireOpen();
        ExtendNoticeTime ??= Moment.Stored(sendTime);
        if (IsExtended)
        {
            DueDate = Clock.ExtendedDue;
            SuspendedDueDate = LaterDate();
        }

        Changed(now);
        return IsExtended;
    }

    /// <summary>What was done about a right; for those who do it, once every store has acknowledged.</summary>
    public void RecordOutcome(Right right, Guid? outcomeId, Instant now, RightOutcome outcome = RightOutcome.Granted)
    {
        RequireOpen();
        RequireIdentity();
        Of(right).Record(outcome, outcomeId, now);
        Changed(now);
    }

    /// <summary>Replaces the outcome of a right of which more is done, or (null) still to be done, while the request is open.</summary>
    public void ReviseOutcome(Right right, RightOutcome? outcome, Guid? outcomeId, Instant now)
    {
        RequireOpen();
        RequireIdentity();
        Of(right).Revise(outcome, outcomeId, now);
        Changed(now);
    }

    /// <summary>Refuses rights; with the last of them the request.</summary>
    /// <param name="rights">Empty for all without an outcome.</param>
    public IReadOnlyList<Right> Refuse(IReadOnlyList<Right> rights, byte[]? reasons, Instant now)
    {
        RequireOpen();
        var refused = rights.Count > 0 ? rights.Select(Of).ToList() : _rights.FindAll(r => r.Outcome is null);
        if ((refused.Count == 0 ? _rights : refused).Find(r => r.Outcome is not null) is { } answered)
        {
            throw PrivacyRequestErrors.RightHasOutcome(PrivacyRequestId, answered.Right);
        }

        foreach (var right in refused)
        {
            right.Record(RightOutcome.Refused, outcomeId: null, now);
        }

        CloseReasons = reasons;
        if (_rights.TrueForAll(r => r.Outcome is RightOutcome.Refused))
        {
            Close(PrivacyRequestState.Refused, now);
        }

        Changed(now);
        return refused.ConvertAll(r => r.Right);
    }

    /// <summary>Answered: only when each right has its outcome.</summary>
    public void Complete(byte[]? explanation, Instant now)
    {
        RequireOpen();
        RequireIdentity();
        var missing = _rights.FindAll(r => r.Outcome is null).ConvertAll(r => r.Right);
        if (missing.Count > 0)
        {
            throw PrivacyRequestErrors.RightsWithoutOutcome(PrivacyRequestId, missing);
        }

        CloseReasons = explanation ?? CloseReasons;
        Close(PrivacyRequestState.Completed, now);
        Changed(now);
    }

    /// <summary>Nobody is known by what was given: there is nothing to disclose, so nobody's identity is needed.</summary>
    public void CompleteWithNothingHeld(byte[]? explanation, Instant now)
    {
        RequireOpen();
        foreach (var right in _rights.Where(r => r.Outcome is null))
        {
            right.Record(RightOutcome.NothingHeld, outcomeId: null, now);
        }

        CloseReasons = explanation ?? CloseReasons;
        Close(PrivacyRequestState.Completed, now);
        Changed(now);
    }

    public void Withdraw(byte[]? reasons, Instant now)
    {
        RequireOpen();
        CloseReasons = reasons;
        State = PrivacyRequestState.Withdrawn;
        CloseTime = Moment.Stored(now);
        Changed(now);
    }

    private RequestedRight Of(Right right) =>
        _rights.Find(r => r.Right == right) ?? throw PrivacyRequestErrors.RightNotRequested(PrivacyRequestId, right);

    private void Close(PrivacyRequestState state, Instant now)
    {
        AnsweredLate = Paris.DateOf(now) > LastDay(Paris.DateOf(now));
        State = state;
        CloseTime = Moment.Stored(now);
    }
}
