using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kalisecu.Certificates;

/// <summary>The URI names of a certificate, which .NET's own reader of alternative names leaves out.</summary>
internal static class UriSans
{
    private const string SubjectAlternativeName = "2.5.29.17";

    // RFC 5280, 4.2.1.6: uniformResourceIdentifier is [6] IA5String.
    private const int UriTag = 6;

    /// <summary>All URI names, in their order; empty when the extension is absent or not readable.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (!string.Equals(extension.Oid?.Value, SubjectAlternativeName, StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                Read(extension.RawData, names);
            }
            catch (AsnContentException)
            {
                // A name that cannot be read vouches for nobody.
                return [];
            }
        }

        return names;
    }

    private static void Read(byte[] extension, List<string> names)
    {
        var sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue == UriTag)
            {
                names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else
            {
                sequence.ReadEncodedValue();
            }
        }
    }
}
