using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kalisecu.Certificates;

/// <summary>Certificates and keys as PEM files; a key file is readable by its owner only, from its first byte on.</summary>
internal static class PemFiles
{
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static X509Certificate2 Read(string certificateFile, string keyFile) =>
        X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

    /// <summary>One or several authorities: several while one is being replaced.</summary>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    public static void Write(X509Certificate2 certificate, string certificateFile, string keyFile)
    {
        using var key =
            certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("the certificate has no ECDSA key", nameof(certificate));

        // The key first: a certificate file without its key would look complete to the next start.
        WriteSecret(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        WriteText(certificateFile, certificate.ExportCertificatePem() + "\n", ForAll);
    }

    public static void WriteCertificate(X509Certificate2 certificate, string file) =>
        WriteText(file, certificate.ExportCertificatePem() + "\n", ForAll);

    /// <summary>Writes a file that only its owner may read.</summary>
    public static void WriteSecret(string file, string text) => WriteText(file, text, ForOwner);

    // Written beside and renamed, so that a reader sees the old file or the new one, never half of one.
    private static void WriteText(string file, string text, UnixFileMode mode)
    {
        var temporary = $"{file}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
