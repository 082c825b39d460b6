using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kalisecu.Hosting;

/// <summary>
/// Asks a port for a version of TLS that the libraries of this machine refuse to speak: a hello as RFC 5246, section 7.4.1.2,
/// writes it, and a look at the first byte of the answer.
/// </summary>
internal static class OldTlsProbe
{
    // RFC 4346 and RFC 2246: TLS 1.1 and TLS 1.0.
    public static readonly IReadOnlyList<(ushort Version, string Name)> Old =
    [
        (0x0302, "TLS 1.1"),
        (0x0301, "TLS 1.0"),
    ];

    private const byte HandshakeRecord = 0x16;

    /// <summary>Whether the port goes on with the handshake; an alert, or a closed connection, is a no.</summary>
    public static async Task<bool> IsSpokenAsync(IPEndPoint port, ushort version, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(port.AddressFamily);
        await client.ConnectAsync(port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Hello(version), cancellationToken);
        var answer = new byte[1];
        try
        {
            return await stream.ReadAsync(answer, cancellationToken) == 1 && answer[0] == HandshakeRecord;
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal static byte[] Hello(ushort version)
    {
        // Ciphers that every server knew which spoke these versions: ECDHE and RSA with AES in CBC mode.
        byte[] ciphers = [0xC0, 0x14, 0xC0, 0x13, 0xC0, 0x0A, 0xC0, 0x09, 0x00, 0x35, 0x00, 0x2F, 0x00, 0xFF];
        // supported_groups (x25519, secp256r1, secp384r1) and ec_point_formats (uncompressed).
        byte[] extensions =
        [
            0x00,
            0x0A,
            0x00,
            0x08,
            0x00,
            0x06,
            0x00,
            0x1D,
            0x00,
            0x17,
            0x00,
            0x18,
            0x00,
            0x0B,
            0x00,
            0x02,
            0x01,
            0x00,
        ];
        byte[] body =
        [
            .. Number(version),
            .. RandomNumberGenerator.GetBytes(32),
            0,
            .. Number((ushort)ciphers.Length),
            .. ciphers,
            1,
            0,
            .. Number((ushort)extensions.Length),
            .. extensions,
        ];
        byte[] handshake = [1, 0, .. Number((ushort)body.Length), .. body];
        return [HandshakeRecord, 0x03, 0x01, .. Number((ushort)handshake.Length), .. handshake];
    }

    private static byte[] Number(ushort value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
