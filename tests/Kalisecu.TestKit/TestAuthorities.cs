using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using NodaTime;

namespace Kalisecu.TestKit;

/// <summary>Both authorities of a trust domain, and certificates of every kind, good and bad.</summary>
internal sealed class TestAuthorities : IDisposable
{
    public const string TrustDomain = "kalisecu.test";

    private static readonly Duration Day = Duration.FromDays(1);

    public TestAuthorities(Instant? now = null)
    {
        Now = now ?? SystemClock.Instance.GetCurrentInstant();
        Services = CertificateAuthority.Create(AuthorityKind.Services, TrustDomain, Now - 30 * Day, 3650 * Day);
        Agents = CertificateAuthority.Create(AuthorityKind.Agents, TrustDomain, Now - 30 * Day, 3650 * Day);
    }

    public Instant Now { get; }

    public CertificateAuthority Services { get; }

    public CertificateAuthority Agents { get; }

    /// <summary>The authorities as a server or client is told about them: without keys.</summary>
    public X509Certificate2Collection ServicesRoots => [WithoutKey(Services)];

    public X509Certificate2Collection AgentsRoots => [WithoutKey(Agents)];

    /// <summary>A certificate with its key, valid for a day around now.</summary>
    public X509Certificate2 Issue(SpiffeKind kind, string name) => Issue(kind, name, Day);

    /// <summary>One for tests that move the clock by more than a day.</summary>
    public X509Certificate2 Issue(SpiffeKind kind, string name, Duration validity) =>
        Authority(kind).Issue(Draft(kind, name, validity), Now);

    /// <summary>A certificate that ended an hour ago.</summary>
    public X509Certificate2 IssueExpired(SpiffeKind kind, string name) =>
        Authority(kind).Issue(Draft(kind, name, Duration.FromHours(23)), Now - Day);

    /// <summary>A certificate that says the same as ours, by an authority that calls itself the same and is not.</summary>
    public static X509Certificate2 IssueForeign(SpiffeKind kind, string name)
    {
        using var foreign = new TestAuthorities();
        return foreign.Issue(kind, name);
    }

    /// <summary>Writes a certificate and its key as <c>name.crt</c> and <c>name.key</c>, for programs that read files.</summary>
    public static (string Certificate, string Key) Save(X509Certificate2 certificate, string folder, string name)
    {
        var files = (Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));
        PemFiles.Write(certificate, files.Item1, files.Item2);
        return files;
    }

    public void Dispose()
    {
        Services.Dispose();
        Agents.Dispose();
    }

    private static CertificateDraft Draft(SpiffeKind kind, string name, Duration validity) =>
        new(new SpiffeId(TrustDomain, kind, name), validity)
        {
            Hosts = kind == SpiffeKind.Server ? ["localhost", "127.0.0.1"] : [],
        };

    private static X509Certificate2 WithoutKey(CertificateAuthority authority) =>
        X509CertificateLoader.LoadCertificate(authority.Certificate.RawData);

    private CertificateAuthority Authority(SpiffeKind kind) =>
        AuthorityKinds.For(kind) == AuthorityKind.Agents ? Agents : Services;
}
