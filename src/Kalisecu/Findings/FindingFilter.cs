using NodaTime;

namespace Kalisecu.Findings;

internal enum FindingOrder
{
    Severity,
    OpenTime,
    Check,
}

internal enum DismissedFilter
{
    Without,
    Only,
    Both,
}

/// <summary>Which findings a list shows, and in which order; empty means all.</summary>
internal sealed record FindingFilter(
    Guid? SiteId,
    IReadOnlyList<Severity> Severities,
    IReadOnlyList<FindingState> States,
    string Check,
    string Tool,
    string Text,
    DismissedFilter Dismissed,
    FindingOrder Order
);

/// <summary>The sort keys of the last finding of a page, whichever order needs which of them.</summary>
internal sealed record FindingPosition(Severity Severity, Instant OpenTime, string Check, Guid FindingId);
