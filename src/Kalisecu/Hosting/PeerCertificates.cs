using System.Security.Cryptography.X509Certificates;
using Kalisecu.Access;
using Kalisecu.Certificates;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>Who the other end of a connection is, and until when its certificate says so.</summary>
internal sealed record PeerIdentity(CallerKind Kind, string Name, Guid? AgentId, Instant ExpireTime)
{
    /// <summary>Whoever reaches the enrolment port: nobody has shown anything yet.</summary>
    public static readonly PeerIdentity Enrolling = new(CallerKind.Enrolling, "enrolling", null, Instant.MaxValue);
}

/// <summary>Reads the peer of a connection once; the handshake has already refused what is not ours.</summary>
internal sealed class PeerCertificates(ClientCertificates certificates)
{
    public bool Accepts(X509Certificate2? certificate) =>
        certificate is not null && certificates.Identify(certificate) is { } id && KindOf(id.Kind) is not null;

    public PeerIdentity Read(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            throw AccessErrors.CertificateRequired();
        }

        if (certificates.Identify(certificate) is not { } id || KindOf(id.Kind) is not { } kind)
        {
            throw AccessErrors.CertificateNotAccepted();
        }

        Guid? agentId = null;
        if (kind is CallerKind.Agent)
        {
            agentId = Guid.TryParseExact(id.Name, "D", out var parsed)
                ? parsed
                : throw AccessErrors.CertificateNotAccepted();
        }

        return new PeerIdentity(
            kind,
            id.Name,
            agentId,
            Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime())
        );
    }

    private static CallerKind? KindOf(SpiffeKind kind) =>
        kind switch
        {
            SpiffeKind.Frontend => CallerKind.Frontend,
            SpiffeKind.Worker => CallerKind.Worker,
            SpiffeKind.Agent => CallerKind.Agent,
            SpiffeKind.Operator => CallerKind.Operator,
            SpiffeKind.Server => null,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
        };
}
