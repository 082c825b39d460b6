using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.Consent;
using NodaTime;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The development authorities of one machine and the certificates of its processes.</summary>
internal static class MachineCertificates
{
    // Ours: a machine for trying out and developing lives shorter.
    private static readonly Duration AuthorityValidity = Duration.FromDays(3650);
    private static readonly Duration LeafValidity = Duration.FromDays(397);

    // Renewed at a start, so that none ends while the platform runs for weeks.
    private static readonly Duration RenewBefore = Duration.FromDays(90);

    public static CertificateAuthority Authority(DataFolder data, AuthorityKind kind, string trustDomain, Instant now)
    {
        var name = AuthorityKinds.Word(kind) + "-ca";
        if (File.Exists(data.Certificate(name)))
        {
            return CertificateAuthority.Load(kind, trustDomain, data.Certificate(name), data.Key(name));
        }

        var authority = CertificateAuthority.Create(kind, trustDomain, now, AuthorityValidity);
        authority.Save(data.Certificate(name), data.Key(name));
        return authority;
    }

    /// <summary>Makes what is missing or soon ends; the authorities are never replaced.</summary>
    public static void Ensure(DataFolder data, string trustDomain, Instant now)
    {
        using var services = Authority(data, AuthorityKind.Services, trustDomain, now);
        using var agents = Authority(data, AuthorityKind.Agents, trustDomain, now);
        Ensure(data, services, SpiffeKind.Server, "server", "local", now);
        Ensure(data, services, SpiffeKind.Operator, "operator", "local", now);
        Ensure(data, services, SpiffeKind.Frontend, "frontend", "local", now);
        // Never replaced: what it signed is verified with it for years.
        if (!File.Exists(data.Key("receipts")))
        {
            PemFiles.WriteSecret(data.Key("receipts"), ReceiptKeys.CreatePem());
        }

        if (!File.Exists(data.KeyEncryptionKey))
        {
            PemFiles.WriteSecret(
                data.KeyEncryptionKey,
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"
            );
        }
    }

    /// <summary>The services authority of a machine that has one.</summary>
    public static CertificateAuthority Services(DataFolder data) =>
        TrustDomain(data) is { } trustDomain
            ? CertificateAuthority.Load(
                AuthorityKind.Services,
                trustDomain,
                data.Certificate("services-ca"),
                data.Key("services-ca")
            )
            : throw new StepFailed(
                $"{data.Folder} has no certificate authority",
                "make it with kalisecu certs init, or start the platform with kalisecu up"
            );

    /// <summary>For whom this machine's authorities speak: what they wrote into the server's certificate; null before.</summary>
    public static string? TrustDomain(DataFolder data)
    {
        if (!File.Exists(data.Certificate("server")))
        {
            return null;
        }

        using var server = X509CertificateLoader.LoadCertificateFromFile(data.Certificate("server"));
        return UriSans.Of(server) is [var uri] && SpiffeId.TryParse(uri, out var id) ? id.TrustDomain : null;
    }

    public static CertificateDraft Draft(string trustDomain, SpiffeKind kind, string name) =>
        new(new SpiffeId(trustDomain, kind, name), LeafValidity)
        {
            Hosts = kind == SpiffeKind.Server ? ["localhost", "127.0.0.1", Environment.MachineName] : [],
        };

    private static void Ensure(
        DataFolder data,
        CertificateAuthority authority,
        SpiffeKind kind,
        string file,
        string name,
        Instant now
    )
    {
        if (File.Exists(data.Certificate(file)))
        {
            using var present = PemFiles.Read(data.Certificate(file), data.Key(file));
            if (Instant.FromDateTimeUtc(present.NotAfter.ToUniversalTime()) > now + RenewBefore)
            {
                return;
            }
        }

        using var certificate = authority.Issue(Draft(authority.TrustDomain, kind, name), now);
        PemFiles.Write(certificate, data.Certificate(file), data.Key(file));
    }
}
