using NodaTime;

namespace Kalisecu.Findings;

/// <summary>What one tool attributes to a finding. Written by pushes only.</summary>
internal sealed class FindingTool
{
    private FindingTool() { }

    public Guid TenantId { get; private init; }

    public Guid FindingId { get; private init; }

    public string Tool { get; private init; } = "";

    public Guid SiteId { get; private init; }

    public string Rule { get; private init; } = "";

    public Severity Severity { get; private init; }

    public string Title { get; private init; } = "";

    public string Description { get; private init; } = "";

    public string Recommendation { get; private init; } = "";

    public int[] CweNumbers { get; private init; } = [];

    public string[] ReferenceUrls { get; private init; } = [];

    public long OpenOccurrenceCount { get; private init; }

    public Instant UpdateTime { get; private init; }
}
