using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>One right of a request, and what came of it.</summary>
internal sealed class RequestedRight
{
    private RequestedRight() { }

    public Guid TenantId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Right Right { get; private init; }

    public RightOutcome? Outcome { get; private set; }

    /// <summary>What was done, where it has a row of its own: an export, an erasure.</summary>
    public Guid? OutcomeId { get; private set; }

    public Instant? OutcomeTime { get; private set; }

    public static RequestedRight Of(Guid tenantId, Guid privacyRequestId, Right right) =>
        new()
        {
            TenantId = tenantId,
            PrivacyRequestId = privacyRequestId,
            Right = right,
        };

    public void Record(RightOutcome outcome, Guid? outcomeId, Instant now)
    {
        // A repeat of the same, as of a worker that was killed after it, is no second outcome.
        if (Outcome is not null && (Outcome != outcome || OutcomeId != outcomeId))
        {
            throw PrivacyRequestErrors.RightHasOutcome(PrivacyRequestId, Right);
        }

        Outcome = outcome;
        OutcomeId = outcomeId;
        OutcomeTime ??= Moment.Stored(now);
    }

    /// <summary>Replaces what was done so far, as long as nobody was told: several things may be asked for under one right.</summary>
    /// <param name="outcome">null: something is still to be done.</param>
    public void Revise(RightOutcome? outcome, Guid? outcomeId, Instant now)
    {
        if (this is { Outcome: RightOutcome.Refused, OutcomeId: null })
        {
            throw PrivacyRequestErrors.RightHasOutcome(PrivacyRequestId, Right);
        }

        Outcome = outcome;
        OutcomeId = outcome is null ? null : outcomeId;
        OutcomeTime = outcome is null ? null : Moment.Stored(now);
    }
}
