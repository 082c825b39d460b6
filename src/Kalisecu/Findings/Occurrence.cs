using NodaTime;

namespace Kalisecu.Findings;

/// <summary>One interval in which one tool saw one place of a finding. Written by pushes only.</summary>
internal sealed class Occurrence
{
    private Occurrence() { }

    public Guid TenantId { get; private init; }

    public Guid FindingId { get; private init; }

    public Guid OccurrenceId { get; private init; }

    public string Tool { get; private init; } = "";

    public Guid OpenScanId { get; private init; }

    public Guid SiteId { get; private init; }

    public Instant OpenTime { get; private init; }

    public Guid? CloseScanId { get; private init; }

    public Instant? CloseTime { get; private init; }

    public string Place { get; private init; } = "";

    /// <summary>Sealed with the tenant's key as <see cref="ExchangeIsA"/>, owned by the occurrence.</summary>
    public byte[]? Exchange { get; private init; }

    public const string ExchangeIsA = "exchange";
}
