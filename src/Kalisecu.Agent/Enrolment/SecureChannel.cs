using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Kalisecu.Agent.Enrolment;

/// <summary>Opens TLS to our server: recognised by our authorities alone, with no look-ups in the network.</summary>
internal static class SecureChannel
{
    // RFC 5280, 4.2.1.12: id-kp-serverAuth.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Four times the largest message of the contract, as the server has it.
    private const int MaximumMessageBytes = 4 * 1024 * 1024;

    public static GrpcChannel Open(Uri server, X509Certificate2Collection authorities, X509Certificate2? certificate)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        var handler = new SocketsHttpHandler
        {
            // Shorter than what firewalls forget a silent connection after.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            InitialHttp2StreamWindowSize = 2 * 1024 * 1024,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = certificate is null
                    ? null
                    : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            },
        };
        return GrpcChannel.ForAddress(
            server,
            new GrpcChannelOptions
            {
                HttpHandler = handler,
                DisposeHttpClient = true,
                MaxReceiveMessageSize = MaximumMessageBytes,
                MaxSendMessageSize = MaximumMessageBytes,
            }
        );
    }
}
