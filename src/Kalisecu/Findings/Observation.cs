using NodaTime;

namespace Kalisecu.Findings;

/// <summary>An observed fact of a site's configuration, in intervals like occurrences. Written by pushes only.</summary>
internal sealed class Observation
{
    private Observation() { }

    public Guid TenantId { get; private init; }

    public Guid ObservationId { get; private init; }

    public string Tool { get; private init; } = "";

    public Guid OpenScanId { get; private init; }

    public Guid SiteId { get; private init; }

    public string Kind { get; private init; } = "";

    public string Place { get; private init; } = "";

    public string Value { get; private init; } = "";

    public string Title { get; private init; } = "";

    public string? CheckName { get; private init; }

    public Guid? FindingId { get; private init; }

    public Instant OpenTime { get; private init; }

    public Guid? CloseScanId { get; private init; }

    public Instant? CloseTime { get; private init; }
}
