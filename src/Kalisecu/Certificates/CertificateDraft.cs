using NodaTime;

namespace Kalisecu.Certificates;

/// <summary>What a certificate is to say: who its holder is, how long, and for servers at which hosts.</summary>
internal sealed record CertificateDraft(SpiffeId Id, Duration Validity)
{
    /// <summary>DNS names and IP addresses; of use for servers only.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
