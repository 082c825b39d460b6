using System.Xml.Linq;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>What scanners of other makers see of our own ports. Clause SEC-1.</summary>
public sealed class ScannedTests : IClassFixture<TestServer>
{
    // Kestrel calls it an error, without a number, when a peer speaks TLS and then no HTTP/2.
    private const int NoHttp2 = 0;

    private readonly TestServer _server;

    public ScannedTests(TestServer server)
    {
        _server = server;
        server.Logs.Announce(NoHttp2);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sslscan_finds_nothing_below_tls_1_2(bool enrolment)
    {
        var port = (enrolment ? _server.EnrolmentAddress : _server.Address).Port;

        var scan = await Programs.RunAsync(
            Path.GetTempPath(),
            "sslscan",
            ["--xml=-", "--no-colour", $"localhost:{port}"],
            Cancel
        );

        var offered = XDocument
            .Parse(scan.Output)
            .Descendants("protocol")
            .Where(p => string.Equals((string?)p.Attribute("enabled"), "1", StringComparison.Ordinal))
            .Select(p => $"{(string?)p.Attribute("type")} {(string?)p.Attribute("version")}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(["tls 1.2", "tls 1.3"], offered);
    }

    [Fact]
    public async Task Openssl_is_asked_for_a_client_certificate()
    {
        var handshake = await Programs.RunAsync(
            Path.GetTempPath(),
            "openssl",
            ["s_client", "-connect", $"localhost:{_server.Address.Port}", "-tls1_2", "-alpn", "h2"],
            Cancel
        );

        Assert.Contains("Client Certificate Types", handshake.Output, StringComparison.Ordinal);
    }
}
