using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>A test account of a site. What is secret in it is sealed with the tenant's key and never listed.</summary>
internal sealed class SiteCredential
{
    private SiteCredential() { }

    public Guid TenantId { get; private init; }

    public Guid CredentialId { get; private init; }

    public Guid SiteId { get; private init; }

    public string Name { get; private init; } = "";

    public string LoginUrl { get; private set; } = "";

    public byte[] UserName { get; private set; } = [];

    public byte[] Secret { get; private set; } = [];

    public Instant CreateTime { get; private init; }

    public Instant UpdateTime { get; private set; }

    public Instant? RevealTime { get; private set; }

    public Instant? RemoveTime { get; private set; }

    public static SiteCredential Create(Site site, SiteCredentialDraft draft, Sealing seal, Instant now)
    {
        var credential = new SiteCredential
        {
            TenantId = site.TenantId,
            CredentialId = Ids.New(now),
            SiteId = site.SiteId,
            Name = draft.Name,
            CreateTime = Moment.Stored(now),
        };
        credential.Set(draft, seal, now);
        return credential;
    }

    public void Set(SiteCredentialDraft draft, Sealing seal, Instant now)
    {
        LoginUrl = draft.LoginUrl;
        UserName = seal(draft.UserName, "user_name", CredentialId);
        Secret = seal(draft.Secret, "secret", CredentialId);
        UpdateTime = Moment.Stored(now);
    }

    public void Reveal(Instant now) => RevealTime = Moment.Stored(now);

    /// <summary>Destroys what is secret; the row stays for the history of who had what.</summary>
    public void Remove(Instant now)
    {
        UserName = [];
        Secret = [];
        LoginUrl = "";
        RemoveTime = Moment.Stored(now);
    }
}

/// <summary>A test account, known to be valid.</summary>
internal sealed record SiteCredentialDraft(Guid SiteId, string Name, string UserName, string Secret, string LoginUrl);

/// <summary>Who asks for which credential, and by what right: staff by a reason, an agent by a scan.</summary>
internal sealed record RevealDraft(Guid SiteId, Guid CredentialId, string? Reason, Guid? ScanId);
