using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.TestKit;
using NodaTime;
using NodaTime.Testing;

namespace Kalisecu.Tests.Certificates;

public sealed class ClientCertificatesTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 10, 0);
    private readonly TestAuthorities _authorities = new(Now);
    private readonly FakeClock _clock = new(Now);

    public void Dispose() => _authorities.Dispose();

    [Theory]
    [InlineData("frontend")]
    [InlineData("worker")]
    [InlineData("agent")]
    [InlineData("operator")]
    public void A_client_of_ours_is_known_by_its_certificate(string word)
    {
        var kind = SpiffeId.ReadKind(word)!.Value;
        using var certificate = _authorities.Issue(kind, "name");
        var clients = Clients();

        Assert.Equal(new SpiffeId(TestAuthorities.TrustDomain, kind, "name"), clients.Identify(certificate));
        Assert.NotNull(clients.Identify(certificate));
    }

    [Fact]
    public void A_servers_certificate_does_not_make_a_client()
    {
        using var certificate = _authorities.Issue(SpiffeKind.Server, "s");

        Assert.Null(Clients().Identify(certificate));
    }

    [Fact]
    public void A_foreign_authority_with_our_names_is_not_believed()
    {
        using var foreign = new TestAuthorities(Now);
        using var certificate = foreign.Issue(SpiffeKind.Operator, "root");

        Assert.Null(Clients().Identify(certificate));
    }

    [Fact]
    public void A_certificate_counts_from_its_first_to_its_last_moment()
    {
        using var certificate = _authorities.Issue(SpiffeKind.Agent, "a");
        var clients = Clients();

        _clock.Reset(Now + Duration.FromDays(1) - Duration.FromSeconds(1));
        Assert.NotNull(clients.Identify(certificate));
        _clock.Reset(Now + Duration.FromDays(1) + Duration.FromSeconds(1));
        Assert.Null(clients.Identify(certificate));
        _clock.Reset(Now - Duration.FromMinutes(6));
        Assert.Null(clients.Identify(certificate));
    }

    [Theory]
    [InlineData("spiffe://kalisecu.test/operator/root")]
    [InlineData("spiffe://kalisecu.test/frontend/dashboard")]
    public void An_agents_authority_in_wrong_hands_makes_no_operator_and_no_frontend(string identity)
    {
        using var certificate = Forge(_authorities.Agents, [identity]);

        Assert.Null(Clients().Identify(certificate));
    }

    [Fact]
    public void A_services_authority_in_wrong_hands_makes_no_agent()
    {
        using var certificate = Forge(_authorities.Services, ["spiffe://kalisecu.test/agent/a"]);

        Assert.Null(Clients().Identify(certificate));
    }

    [Fact]
    public void A_certificate_names_exactly_one_identity()
    {
        using var two = Forge(
            _authorities.Agents,
            ["spiffe://kalisecu.test/agent/a", "spiffe://kalisecu.test/agent/b"]
        );
        using var none = Forge(_authorities.Agents, []);
        using var one = Forge(_authorities.Agents, ["spiffe://kalisecu.test/agent/a"]);

        Assert.Null(Clients().Identify(two));
        Assert.Null(Clients().Identify(none));
        Assert.NotNull(Clients().Identify(one));
    }

    [Fact]
    public void An_authority_cannot_speak_for_another_trust_domain()
    {
        using var certificate = Forge(_authorities.Agents, ["spiffe://elsewhere.test/agent/a"]);
        var elsewhere = new ClientCertificates(
            _authorities.ServicesRoots,
            _authorities.AgentsRoots,
            "elsewhere.test",
            _clock
        );

        Assert.Null(elsewhere.Identify(certificate));
    }

    [Fact]
    public void Both_authorities_count_while_one_replaces_the_other()
    {
        using var next = new TestAuthorities(Now);
        using var old = _authorities.Issue(SpiffeKind.Agent, "a");
        using var renewed = next.Issue(SpiffeKind.Agent, "a");
        var clients = new ClientCertificates(
            [],
            [.. _authorities.AgentsRoots, .. next.AgentsRoots],
            TestAuthorities.TrustDomain,
            _clock
        );

        Assert.NotNull(clients.Identify(old));
        Assert.NotNull(clients.Identify(renewed));
    }

    private ClientCertificates Clients() =>
        new(_authorities.ServicesRoots, _authorities.AgentsRoots, TestAuthorities.TrustDomain, _clock);

    // What someone with the authority's key could sign, past the checks of our own class.
    private static X509Certificate2 Forge(CertificateAuthority authority, string[] uris)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forged", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(CertificateExtensions.Purposes(CertificateExtensions.ClientAuthentication));
        if (uris.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(uris, uri => names.AddUri(new Uri(uri)));
            request.CertificateExtensions.Add(names.Build());
        }

        return request.Create(
            authority.Certificate,
            Now.ToDateTimeOffset(),
            (Now + Duration.FromHours(1)).ToDateTimeOffset(),
            [1]
        );
    }
}
