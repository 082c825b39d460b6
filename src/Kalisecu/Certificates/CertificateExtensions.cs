using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kalisecu.Certificates;

/// <summary>The extensions of our certificates (RFC 5280, section 4.2).</summary>
internal static class CertificateExtensions
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private const string NameConstraints = "2.5.29.30";

    public static X509EnhancedKeyUsageExtension Purposes(params IEnumerable<string> purposes)
    {
        var oids = new OidCollection();
        foreach (var purpose in purposes)
        {
            oids.Add(new Oid(purpose));
        }

        return new X509EnhancedKeyUsageExtension(oids, critical: false);
    }

    /// <summary>An authority may vouch for URIs of its trust domain only, whoever holds its key.</summary>
    public static X509Extension OnlyUrisOf(string trustDomain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(
                UniversalTagNumber.IA5String,
                trustDomain,
                new Asn1Tag(TagClass.ContextSpecific, 6)
            );
        }

        return new X509Extension(new Oid(NameConstraints), writer.Encode(), critical: true);
    }

    public static X509Extension Names(SpiffeId id, IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(id.ToString()));
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
