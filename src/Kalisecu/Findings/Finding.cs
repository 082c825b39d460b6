using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>Whether a finding shows somewhere.</summary>
internal enum FindingState
{
    Open,
    Closed,
}

/// <summary>Why a finding does not count.</summary>
internal enum DismissalKind
{
    FalsePositive,
    AcceptedRisk,
    WontFix,
}

/// <summary>One weakness on one site. Scans open, change and close it; people decide whether it counts.</summary>
internal sealed class Finding
{
    private Finding() { }

    public Guid TenantId { get; private init; }

    public Guid FindingId { get; private init; }

    public Guid SiteId { get; private init; }

    public string CheckName { get; private init; } = "";

    public Severity Severity { get; private init; }

    public FindingState State { get; private init; }

    public string Title { get; private init; } = "";

    public string Description { get; private init; } = "";

    public int[] CweNumbers { get; private init; } = [];

    public string[] ReferenceUrls { get; private init; } = [];

    public long OpenOccurrenceCount { get; private init; }

    public Instant OpenTime { get; private init; }

    public Instant? ReopenTime { get; private init; }

    public Instant? CloseTime { get; private init; }

    public DismissalKind? DismissalKind { get; private set; }

    public string? DismissalJustification { get; private set; }

    public Guid? DismissalPersonId { get; private set; }

    /// <summary>Where the person stands who decided, while the processing of its data is restricted.</summary>
    public Guid? DismissalRestrictedPersonId { get; private set; }

    public Instant? DismissalTime { get; private set; }

    public Instant? DismissalExpireTime { get; private set; }

    /// <summary>A decision whose end has come counts as none, whether or not anybody wrote that down yet.</summary>
    public bool IsDismissed(Instant now) => DismissalKind is not null && !(DismissalExpireTime <= now);

    /// <summary>Decides that it does not count. An ended decision is settled first: call <see cref="EndExpired"/>.</summary>
    public FindingEvent Dismiss(DismissalDraft draft, Guid personId, Instant now)
    {
        if (State == FindingState.Closed)
        {
            throw FindingErrors.Closed(FindingId);
        }

        if (IsDismissed(now))
        {
            throw FindingErrors.Dismissed(FindingId);
        }

        DismissalKind = draft.Kind;
        DismissalJustification = draft.Justification;
        DismissalPersonId = personId;
        DismissalTime = now;
        DismissalExpireTime = draft.ExpireTime;
        return FindingEvent.Dismissed(this, personId, now);
    }

    /// <summary>Decides that it counts again.</summary>
    public FindingEvent Restore(Guid personId, string reason, Instant now)
    {
        if (!IsDismissed(now))
        {
            throw FindingErrors.NotDismissed(FindingId);
        }

        ForgetDismissal();
        return FindingEvent.Restored(this, personId, reason, now);
    }

    /// <summary>Settles a decision whose end has come; null when there is nothing to settle.</summary>
    public FindingEvent? EndExpired(Instant now)
    {
        if (DismissalKind is null || IsDismissed(now))
        {
            return null;
        }

        var ended = FindingEvent.DismissalExpired(this, DismissalExpireTime ?? now);
        ForgetDismissal();
        return ended;
    }

    private void ForgetDismissal()
    {
        DismissalKind = null;
        DismissalJustification = null;
        DismissalPersonId = null;
        DismissalRestrictedPersonId = null;
        DismissalTime = null;
        DismissalExpireTime = null;
    }
}
