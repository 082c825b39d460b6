using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.Compliance;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>Clause SEC-1: every port of this process speaks TLS 1.2 or 1.3 and nothing older, with a certificate that is valid.</summary>
internal sealed class ListenerTlsCheck(IServer server, ServerSettings settings) : IClauseCheck
{
    public string ClauseId => "SEC-1";

    public string Name => "listeners";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(settings.Certificates.Server);
        var end = Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime());
        if (end <= now)
        {
            return ClauseFinding.Broken($"The server's certificate ended at {end}.");
        }

        var ports = Ports();
        var spoken = new List<string>();
        foreach (var port in ports)
        {
            foreach (var (version, name) in OldTlsProbe.Old)
            {
                if (await OldTlsProbe.IsSpokenAsync(port, version, cancellationToken))
                {
                    return ClauseFinding.Broken($"Port {port.Port} speaks {name}.");
                }
            }

            spoken.Add(await NegotiateAsync(port, certificate, cancellationToken));
        }

        return ports.Count == 0
            ? ClauseFinding.Unproven("This process listens on no port.")
            : ClauseFinding.Holds(
                $"All {ports.Count} ports refuse TLS 1.0 and 1.1 and speak {string.Join(", ", spoken.Distinct(StringComparer.Ordinal))}.",
                ("ports", ports.Count)
            );
    }

    private List<IPEndPoint> Ports() =>
        [
            .. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
                .Select(a => new Uri(a))
                .Select(a => new IPEndPoint(Reach(a.IdnHost), a.Port)),
        ];

    // A process that listens on every address is reached on the machine's own.
    private static IPAddress Reach(string host) =>
        !IPAddress.TryParse(host, out var address) || address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;

    private async Task<string> NegotiateAsync(
        IPEndPoint port,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        using var client = new TcpClient(port.AddressFamily);
        await client.ConnectAsync(port, cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                // The ports speak nothing else, and log who offers something else.
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                TargetHost = certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false),
                CertificateChainPolicy = ClientCertificates.ForServers(
                    PemFiles.ReadAuthorities(settings.Certificates.ServicesAuthority)
                ),
            },
            cancellationToken
        );
        return tls.SslProtocol.ToString() switch
        {
            "Tls12" => "TLS 1.2",
            "Tls13" => "TLS 1.3",
            var other => throw new InvalidOperationException($"The handshake ended with {other}."),
        };
    }
}
