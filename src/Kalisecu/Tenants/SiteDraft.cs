namespace Kalisecu.Tenants;

/// <summary>A new site, known to be valid; its URL is in canonical form.</summary>
internal sealed record SiteDraft(string DisplayName, string Url, IReadOnlyList<string> Technologies);

/// <summary>What an update changes, known to be valid; null stays as it is.</summary>
internal sealed record SiteChange(string? DisplayName, IReadOnlyList<string>? Technologies);
