using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>What happened to a finding.</summary>
internal enum FindingEventKind
{
    Opened,
    Closed,
    Reopened,
    Changed,
    OccurrencesChanged,
    Dismissed,
    Restored,
    DismissalExpired,
}

/// <summary>One step in the history of a finding. Scans write theirs in bulk; people's come from the finding's verbs.</summary>
internal sealed class FindingEvent
{
    private FindingEvent() { }

    public Guid TenantId { get; private init; }

    public Guid FindingId { get; private init; }

    public Guid EventId { get; private init; }

    public FindingEventKind Kind { get; private init; }

    public Instant EventTime { get; private init; }

    public Guid? ScanId { get; private init; }

    public Guid? PersonId { get; private init; }

    public Severity? OldSeverity { get; private init; }

    public Severity? NewSeverity { get; private init; }

    public long OccurrencesOpened { get; private init; }

    public long OccurrencesClosed { get; private init; }

    public DismissalKind? DismissalKind { get; private init; }

    public string? DismissalJustification { get; private init; }

    public Instant? DismissalExpireTime { get; private init; }

    public string? Reason { get; private init; }

    public static FindingEvent Dismissed(Finding finding, Guid personId, Instant now) =>
        new()
        {
            TenantId = finding.TenantId,
            FindingId = finding.FindingId,
            EventId = Ids.New(now),
            Kind = FindingEventKind.Dismissed,
            EventTime = now,
            PersonId = personId,
            OldSeverity = finding.Severity,
            NewSeverity = finding.Severity,
            DismissalKind = finding.DismissalKind,
            DismissalJustification = finding.DismissalJustification,
            DismissalExpireTime = finding.DismissalExpireTime,
        };

    public static FindingEvent Restored(Finding finding, Guid personId, string reason, Instant now) =>
        new()
        {
            TenantId = finding.TenantId,
            FindingId = finding.FindingId,
            EventId = Ids.New(now),
            Kind = FindingEventKind.Restored,
            EventTime = now,
            PersonId = personId,
            OldSeverity = finding.Severity,
            NewSeverity = finding.Severity,
            Reason = reason,
        };

    /// <summary>The clock did it, at the end that the decision had, however late somebody looked.</summary>
    public static FindingEvent DismissalExpired(Finding finding, Instant expireTime) =>
        new()
        {
            TenantId = finding.TenantId,
            FindingId = finding.FindingId,
            EventId = Ids.New(expireTime),
            Kind = FindingEventKind.DismissalExpired,
            EventTime = expireTime,
            OldSeverity = finding.Severity,
            NewSeverity = finding.Severity,
        };
}
