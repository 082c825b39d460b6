using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Hosting;

/// <summary>How this process listens: mutual TLS for everybody, server TLS for those who enrol. Clause SEC-1: TLS 1.2 at least.</summary>
internal static class Transport
{
    public static void UseKalisecuTransport(this IWebHostBuilder host, ServerSettings settings) =>
        host.ConfigureKestrel(
            (_, kestrel) =>
            {
                kestrel.AddServerHeader = false;
                // Frontends and agents share connections; more than this is nobody's honest work on one process.
                kestrel.Limits.MaxConcurrentConnections = 2_000;
                // RFC 9113, section 6.9: the window bounds what a stream may send before we have read it. A push sends messages
                // of about 1 MB; smaller windows would stop it between two of them.
                kestrel.Limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
                kestrel.Limits.Http2.InitialStreamWindowSize = 2 * 1024 * 1024;
                kestrel.Limits.Http2.MaxStreamsPerConnection = 250;
                kestrel.Limits.Http2.MaxFrameSize = 64 * 1024;
                // A peer that has gone without a word is found within a minute.
                kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
                kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
                // A stream of a scan may rest while the agent reads; its lease ends it, not the rate of its bytes.
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;

                var certificate = LoadServerCertificate(settings.Certificates);
                var peers = kestrel.ApplicationServices.GetRequiredService<PeerCertificates>();
                var address = IPAddress.Parse(settings.Listen.Address);
                kestrel.Listen(
                    address,
                    settings.Listen.Port,
                    listen =>
                    {
                        listen.Protocols = HttpProtocols.Http2;
                        listen.UseHttps(https => ConfigureTls(https, certificate, peers));
                    }
                );
                kestrel.Listen(
                    address,
                    settings.Listen.EnrolmentPort,
                    listen =>
                    {
                        listen.Protocols = HttpProtocols.Http2;
                        listen.MarkAsEnrolment();
                        listen.UseHttps(https => ConfigureTls(https, certificate, peers: null));
                    }
                );
            }
        );

    private static void ConfigureTls(
        HttpsConnectionAdapterOptions https,
        X509Certificate2 certificate,
        PeerCertificates? peers
    )
    {
        https.ServerCertificate = certificate;
#pragma warning disable CA5398 // Clause SEC-1 names the versions; what the system would choose is not ours to prove.
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
        // Our own list of revoked agents is looked up at every call; our authorities publish no CRL.
        https.CheckCertificateRevocation = false;
        https.ClientCertificateMode = peers is null
            ? ClientCertificateMode.NoCertificate
            : ClientCertificateMode.RequireCertificate;
        if (peers is not null)
        {
            https.ClientCertificateValidation = (client, _, _) => peers.Accepts(client);
        }
    }

    private static X509Certificate2 LoadServerCertificate(ServerSettings.CertificateSettings files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files.Server, files.ServerKey);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
    }
}
