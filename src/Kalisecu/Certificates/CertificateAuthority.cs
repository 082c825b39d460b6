using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;

namespace Kalisecu.Certificates;

/// <summary>One of our two authorities, with its key: issues certificates of its kinds for its trust domain.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    // Covers the clocks of machines that are a little late; ours.
    private static readonly Duration ClockSkew = Duration.FromMinutes(5);

    private CertificateAuthority(AuthorityKind kind, string trustDomain, X509Certificate2 certificate)
    {
        Kind = kind;
        TrustDomain = trustDomain;
        Certificate = certificate;
    }

    public AuthorityKind Kind { get; }

    public string TrustDomain { get; }

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    public static CertificateAuthority Create(AuthorityKind kind, string trustDomain, Instant now, Duration validity)
    {
        if (!SpiffeId.IsTrustDomain(trustDomain))
        {
            throw new ArgumentException($"'{trustDomain}' is no trust domain", nameof(trustDomain));
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("Kalisecu");
        name.AddCommonName($"Kalisecu {AuthorityKinds.Word(kind)} authority, {trustDomain}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0)
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        request.CertificateExtensions.Add(CertificateExtensions.Purposes(AuthorityKinds.Purposes(kind)));
        request.CertificateExtensions.Add(CertificateExtensions.OnlyUrisOf(trustDomain));
        var identifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(identifier);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier)
        );

        var certificate = request.CreateSelfSigned(
            (now - ClockSkew).ToDateTimeOffset(),
            (now + validity).ToDateTimeOffset()
        );
        return new CertificateAuthority(kind, trustDomain, certificate);
    }

    public static CertificateAuthority Load(
        AuthorityKind kind,
        string trustDomain,
        string certificateFile,
        string keyFile
    ) => new(kind, trustDomain, PemFiles.Read(certificateFile, keyFile));

    /// <summary>Makes a key and a certificate for it.</summary>
    public X509Certificate2 Issue(CertificateDraft draft, Instant now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(draft, new PublicKey(key), now);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>
    /// Certifies the public key of a request whose self-signature holds. Nothing else is taken from the request: who the
    /// holder is, is decided by us.
    /// </summary>
    /// <exception cref="CryptographicException">The request cannot be read, its signature is wrong, or its key is not P-256.</exception>
    public X509Certificate2 Issue(CertificateDraft draft, byte[] certificateRequest, Instant now)
    {
        var request = CertificateRequest.LoadSigningRequest(certificateRequest, HashAlgorithmName.SHA256);
        using var key = request.PublicKey.GetECDsaPublicKey();
        var curve = key?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value;
        if (!string.Equals(curve, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal))
        {
            throw new CryptographicException("the key of a certificate request must be ECDSA on P-256");
        }

        return Sign(draft, request.PublicKey, now);
    }

    public void Save(string certificateFile, string keyFile) => PemFiles.Write(Certificate, certificateFile, keyFile);

    public void Dispose() => Certificate.Dispose();

    private X509Certificate2 Sign(CertificateDraft draft, PublicKey publicKey, Instant now)
    {
        if (
            AuthorityKinds.For(draft.Id.Kind) != Kind
            || !string.Equals(draft.Id.TrustDomain, TrustDomain, StringComparison.Ordinal)
        )
        {
            throw new ArgumentException(
                $"the {AuthorityKinds.Word(Kind)} authority of {TrustDomain} may not vouch for {draft.Id}",
                nameof(draft)
            );
        }

        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("Kalisecu");
        name.AddCommonName(draft.Id.Name);
        var request = new CertificateRequest(name.Build(), publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(CertificateExtensions.Purposes(AuthorityKinds.Purpose(draft.Id.Kind)));
        request.CertificateExtensions.Add(CertificateExtensions.Names(draft.Id, draft.Hosts));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(publicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                Certificate,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );

        var end = Instant.Min(now + draft.Validity, Instant.FromDateTimeUtc(Certificate.NotAfter.ToUniversalTime()));
        return request.Create(Certificate, (now - ClockSkew).ToDateTimeOffset(), end.ToDateTimeOffset(), NewSerial());
    }

    // RFC 5280, 4.1.2.2: positive, at most 20 octets; ours has 126 random bits, so that two never meet.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
