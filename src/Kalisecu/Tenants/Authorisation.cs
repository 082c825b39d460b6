using Kalisecu.Objects;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>What an authorisation is worth at a moment.</summary>
internal enum AuthorisationState
{
    Pending,
    InForce,
    Expired,
    Revoked,
}

/// <summary>The signed permission to test a site.</summary>
internal sealed class Authorisation
{
    private Authorisation() { }

    public Guid TenantId { get; private init; }

    public Guid AuthorisationId { get; private init; }

    public Guid SiteId { get; private init; }

    /// <summary>null when the signer was forgotten, or this transaction may not see who it is.</summary>
    public AuthorisationSigner? Signer { get; private init; }

    public string[] Origins { get; private init; } = [];

    public Instant StartTime { get; private init; }

    public Instant EndTime { get; private init; }

    public byte[] DocumentDigest { get; private init; } = [];

    public long DocumentSizeBytes { get; private init; }

    public string DocumentObject { get; private init; } = "";

    public Instant CreateTime { get; private init; }

    public Instant? RevokeTime { get; private set; }

    public byte[]? RevokeReason { get; private set; }

    public static Authorisation Create(
        Site site,
        AuthorisationDraft draft,
        Guid signerId,
        StoredObject document,
        Sealing seal,
        Instant now
    )
    {
        var id = Ids.New(now);
        return new Authorisation
        {
            TenantId = site.TenantId,
            AuthorisationId = id,
            SiteId = site.SiteId,
            Signer = AuthorisationSigner.Create(site.TenantId, id, signerId, draft, seal, now),
            Origins = [.. draft.OriginsFor(site)],
            StartTime = Moment.Stored(draft.StartTime ?? now),
            EndTime = Moment.Stored(draft.EndTime),
            DocumentDigest = document.Digest,
            DocumentSizeBytes = document.SizeBytes,
            DocumentObject = document.Name,
            CreateTime = Moment.Stored(now),
        };
    }

    public AuthorisationState StateAt(Instant now) =>
        RevokeTime is not null ? AuthorisationState.Revoked
        : now < StartTime ? AuthorisationState.Pending
        : now < EndTime ? AuthorisationState.InForce
        : AuthorisationState.Expired;

    public void Revoke(byte[] sealedReason, Instant now)
    {
        if (RevokeTime is { } revoked)
        {
            throw AuthorisationErrors.Revoked(AuthorisationId, revoked);
        }

        RevokeTime = Moment.Stored(now);
        RevokeReason = sealedReason;
    }
}

/// <summary>Seals a text with the tenant's key, bound to what it is and whose.</summary>
internal delegate byte[] Sealing(string text, string what, Guid owner);
