using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;

namespace Kalisecu.Certificates;

/// <summary>Says who a peer is by its certificate, or why it is nobody; offline, from our own authorities alone.</summary>
internal sealed class ClientCertificates(
    X509Certificate2Collection services,
    X509Certificate2Collection agents,
    string trustDomain,
    IClock clock
)
{
    /// <summary>The peer, or null: the certificate is not of ours, not for clients, not valid now, or not of its kind's authority.</summary>
    public SpiffeId? Identify(X509Certificate2 certificate)
    {
        // Two identities in one certificate would let the reader choose.
        if (
            UriSans.Of(certificate) is not [var uri]
            || !SpiffeId.TryParse(uri, out var id)
            || !string.Equals(id.TrustDomain, trustDomain, StringComparison.Ordinal)
            || id.Kind == SpiffeKind.Server
        )
        {
            return null;
        }

        var authorities = AuthorityKinds.For(id.Kind) == AuthorityKind.Agents ? agents : services;
        return IsVouchedFor(certificate, authorities) ? id : null;
    }

    private bool IsVouchedFor(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        Configure(chain.ChainPolicy, authorities, CertificateExtensions.ClientAuthentication);
        chain.ChainPolicy.VerificationTime = clock.GetCurrentInstant().ToDateTimeUtc();
        try
        {
            return chain.Build(certificate);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>How a client checks the server: our services authority alone, no look-ups in the network.</summary>
    public static X509ChainPolicy ForServers(X509Certificate2Collection services)
    {
        var policy = new X509ChainPolicy();
        Configure(policy, services, CertificateExtensions.ServerAuthentication);
        return policy;
    }

    // Revocation of agents is our own list, looked up at every call; our authorities publish no CRL to ask for.
    private static void Configure(X509ChainPolicy policy, X509Certificate2Collection authorities, string purpose)
    {
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(purpose));
    }
}
