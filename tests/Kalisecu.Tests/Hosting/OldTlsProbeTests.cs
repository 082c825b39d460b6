using System.Net;
using System.Net.Sockets;
using Kalisecu.Hosting;

namespace Kalisecu.Tests.Hosting;

public sealed class OldTlsProbeTests
{
    private const byte Handshake = 0x16;
    private const byte Alert = 0x15;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Handshake, true)]
    [InlineData(Alert, false)]
    public async Task A_port_speaks_a_version_when_it_goes_on_with_the_handshake(byte answer, bool isSpoken)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, answer);

        var spoken = await OldTlsProbe.IsSpokenAsync((IPEndPoint)listener.LocalEndpoint, 0x0302, Cancel);

        Assert.Equal(isSpoken, spoken);
        var hello = await answering;
        listener.Stop();
        // RFC 5246, 6.2.1 and 7.4: a handshake record with a client hello of the version asked for.
        Assert.Equal([Handshake, 3, 1], hello[..3]);
        Assert.Equal([1], hello[5..6]);
        Assert.Equal([3, 2], hello[9..11]);
        Assert.Equal(hello.Length - 5, (hello[3] << 8) + hello[4]);
    }

    private static async Task<byte[]> AnswerAsync(TcpListener listener, byte answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        await using var stream = client.GetStream();
        var header = new byte[5];
        await stream.ReadExactlyAsync(header, Cancel);
        var body = new byte[(header[3] << 8) + header[4]];
        await stream.ReadExactlyAsync(body, Cancel);
        await stream.WriteAsync(new[] { answer }, Cancel);
        return [.. header, .. body];
    }
}
