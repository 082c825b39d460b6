using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Kalisecu.Certificates;
using Kalisecu.Errors;
using Kalisecu.Hosting;
using NodaTime;

namespace Kalisecu.Agents;

/// <summary>Issues the certificates of agents.</summary>
internal sealed class AgentCertificates : IDisposable
{
    private readonly CertificateAuthority _authority;
    private readonly X509Certificate2Collection _trustRoots;
    private readonly Duration _validity;

    public AgentCertificates(ServerSettings settings)
    {
        _authority = CertificateAuthority.Load(
            AuthorityKind.Agents,
            settings.TrustDomain,
            settings.Certificates.AgentsAuthority,
            settings.Certificates.AgentsAuthorityKey
        );
        _trustRoots = PemFiles.ReadAuthorities(settings.Certificates.ServicesAuthority);
        _validity = Duration.FromHours(settings.Agents.CertificateHours);
    }

    /// <summary>Certifies the key of a request for this agent, whatever the request says about names.</summary>
    public V1.IssuedCertificate Issue(Agent agent, CertificateRequestDraft request, Instant now)
    {
        var id = new SpiffeId(_authority.TrustDomain, SpiffeKind.Agent, agent.AgentId.ToString("D"));
        using var certificate = Sign(new CertificateDraft(id, _validity), request, now);
        var expireTime = Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime());
        agent.TakeCertificate(certificate.SerialNumber, expireTime);
        var issued = new V1.IssuedCertificate
        {
            // At two thirds: a server that is away for a third of the life does no harm.
            RenewTime = Fields.Write(now + (expireTime - now) * 2 / 3),
            ExpireTime = Fields.Write(expireTime),
        };
        issued.Chain.Add(ByteString.CopyFrom(certificate.RawData));
        issued.Chain.Add(ByteString.CopyFrom(_authority.Certificate.RawData));
        issued.TrustRoots.AddRange(_trustRoots.Select(root => ByteString.CopyFrom(root.RawData)));
        return issued;
    }

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Sign(CertificateDraft draft, CertificateRequestDraft request, Instant now)
    {
        try
        {
            return _authority.Issue(draft, request.Der, now);
        }
        catch (CryptographicException exception)
        {
            throw AgentErrors.CertificateRequestNotValid(exception.Message);
        }
    }
}

/// <summary>A certificate request that can be read.</summary>
internal sealed record CertificateRequestDraft(byte[] Der, byte[] KeyDigest)
{
    // A request for an elliptic key has some 400 bytes.
    private const int MaximumBytes = 8192;

    public static CertificateRequestDraft Read(ByteString der, Violations violations)
    {
        const string field = "certificate_signing_request";
        if (!violations.Check(der.Length is > 0 and <= MaximumBytes, field, "must have 1 to 8192 bytes"))
        {
            return new CertificateRequestDraft([], []);
        }

        try
        {
            var bytes = der.ToByteArray();
            var request = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256);
            return new CertificateRequestDraft(bytes, SHA256.HashData(request.PublicKey.ExportSubjectPublicKeyInfo()));
        }
        catch (CryptographicException exception)
        {
            throw AgentErrors.CertificateRequestNotValid(exception.Message);
        }
    }
}
