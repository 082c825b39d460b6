using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.Tests.Certificates;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 10, 0);
    private readonly TestAuthorities _authorities = new(Now);

    public void Dispose() => _authorities.Dispose();

    [Fact]
    public void An_agents_certificate_takes_only_the_key_from_its_request()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://kalisecu.test/operator/root"));
        request.CertificateExtensions.Add(names.Build());

        using var certificate = _authorities.Agents.Issue(
            Draft(SpiffeKind.Agent, "a"),
            request.CreateSigningRequest(),
            Now
        );

        Assert.Equal(["spiffe://kalisecu.test/agent/a"], UriSans.Of(certificate));
        Assert.Equal("O=Kalisecu, CN=a", certificate.Subject);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void A_request_that_its_key_did_not_sign_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        request[^1] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() =>
            _authorities.Agents.Issue(Draft(SpiffeKind.Agent, "a"), request, Now)
        );
    }

    [Fact]
    public void A_request_with_another_kind_of_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var byRsa = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var byP384 = new CertificateRequest("CN=a", p384, HashAlgorithmName.SHA384);

        foreach (var request in (byte[][])[byRsa.CreateSigningRequest(), byP384.CreateSigningRequest(), [1, 2, 3], []])
        {
            Assert.ThrowsAny<CryptographicException>(() =>
                _authorities.Agents.Issue(Draft(SpiffeKind.Agent, "a"), request, Now)
            );
        }
    }

    [Theory]
    [InlineData("frontend")]
    [InlineData("operator")]
    [InlineData("worker")]
    [InlineData("server")]
    public void The_agents_authority_vouches_for_agents_only(string kind) =>
        Assert.Throws<ArgumentException>(() =>
            _authorities.Agents.Issue(Draft(SpiffeId.ReadKind(kind)!.Value, "a"), Now)
        );

    [Fact]
    public void The_services_authority_does_not_vouch_for_agents() =>
        Assert.Throws<ArgumentException>(() => _authorities.Services.Issue(Draft(SpiffeKind.Agent, "a"), Now));

    [Fact]
    public void A_certificate_ends_no_later_than_its_authority()
    {
        using var authority = CertificateAuthority.Create(
            AuthorityKind.Services,
            TestAuthorities.TrustDomain,
            Now,
            Duration.FromDays(10)
        );

        using var certificate = authority.Issue(
            new CertificateDraft(
                new SpiffeId(TestAuthorities.TrustDomain, SpiffeKind.Worker, "w"),
                Duration.FromDays(11)
            ),
            Now
        );

        Assert.Equal(authority.Certificate.NotAfter, certificate.NotAfter);
    }

    [Fact]
    public void A_saved_authority_loads_and_its_key_is_for_its_owner_only()
    {
        using var folder = new TestFolder();
        _authorities.Services.Save(folder["ca.crt"], folder["ca.key"]);

        using var loaded = CertificateAuthority.Load(
            AuthorityKind.Services,
            TestAuthorities.TrustDomain,
            folder["ca.crt"],
            folder["ca.key"]
        );

        Assert.Equal(_authorities.Services.Certificate.Thumbprint, loaded.Certificate.Thumbprint);
        Assert.True(loaded.Certificate.HasPrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["ca.key"]));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    private static CertificateDraft Draft(SpiffeKind kind, string name) =>
        new(new SpiffeId(TestAuthorities.TrustDomain, kind, name), Duration.FromDays(1));
}
