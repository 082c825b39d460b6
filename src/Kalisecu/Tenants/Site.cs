using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

internal enum SiteState
{
    Open,
    Closed,
}

/// <summary>A website of a tenant. Its URL never changes: findings hang on it.</summary>
internal sealed class Site
{
    private Site() { }

    public Guid TenantId { get; private init; }

    public Guid SiteId { get; private init; }

    public string DisplayName { get; private set; } = "";

    public string Url { get; private init; } = "";

    public string[] Technologies { get; private set; } = [];

    public SiteState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? CloseTime { get; private set; }

    public uint Version { get; private set; }

    public static Site Create(Guid tenantId, SiteDraft draft, Instant now) =>
        new()
        {
            TenantId = tenantId,
            SiteId = Ids.New(now),
            DisplayName = draft.DisplayName,
            Url = draft.Url,
            Technologies = [.. draft.Technologies],
            State = SiteState.Open,
            CreateTime = Moment.Stored(now),
        };

    public void Change(SiteChange change)
    {
        RequireOpen();
        DisplayName = change.DisplayName ?? DisplayName;
        Technologies = change.Technologies is { } technologies ? [.. technologies] : Technologies;
    }

    /// <summary>Starts the retention; nothing is deleted now.</summary>
    public void Close(Instant now)
    {
        RequireOpen();
        State = SiteState.Closed;
        CloseTime = Moment.Stored(now);
    }

    public void RequireOpen()
    {
        if (State == SiteState.Closed)
        {
            throw SiteErrors.Closed(SiteId);
        }
    }
}
