namespace Kalisecu.Findings;

/// <summary>The newest stream of a scan; written by <c>PushSql</c> alone.</summary>
internal sealed class ScanPush
{
    private ScanPush() { }

    public Guid TenantId { get; private init; }

    public Guid ScanId { get; private init; }

    public Guid PushId { get; private init; }

    public Guid SiteId { get; private init; }

    public string Tool { get; private init; } = "";

    public bool Settled { get; private init; }
}
