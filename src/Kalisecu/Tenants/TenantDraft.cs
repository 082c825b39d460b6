namespace Kalisecu.Tenants;

/// <summary>A new tenant, known to be valid.</summary>
internal sealed record TenantDraft(string DisplayName, string Slug, string? Siren, Plan Plan, Language Language);

/// <summary>What an update changes, known to be valid; null stays as it is.</summary>
/// <param name="ChangesSiren">an empty SIREN is a value too: no longer known</param>
internal sealed record TenantChange(
    string? DisplayName,
    bool ChangesSiren,
    string? Siren,
    Plan? Plan,
    Language? Language
);
