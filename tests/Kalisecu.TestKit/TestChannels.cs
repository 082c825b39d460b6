using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Kalisecu.Certificates;

namespace Kalisecu.TestKit;

internal static class TestChannels
{
    /// <summary>A channel as our programs open one: the server checked against our authority alone.</summary>
    public static GrpcChannel Open(Uri address, X509Certificate2Collection servicesRoots, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = ClientCertificates.ForServers(servicesRoots),
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(
                certificate,
                additionalCertificates: null,
                offline: true
            );
        }

        return GrpcChannel.ForAddress(
            address,
            new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }
        );
    }
}
