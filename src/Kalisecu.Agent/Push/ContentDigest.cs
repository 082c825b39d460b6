using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace Kalisecu.Agent.Push;

/// <summary>SHA-256 over all that a scan says; docs/push-protocol.md defines it byte by byte. The server makes it too, from what came.</summary>
internal sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ContentDigest() => _hash.AppendData("kalisecu/push/1\0"u8);

    public void AddCount(long count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, count);
        _hash.AppendData(bytes);
    }

    public void Add(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public void AddBody(IMessage body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body.ToByteArray(), digest);
        _hash.AppendData(digest);
    }

    public void AddCoverage(bool complete, bool wholeSite, IEnumerable<string> places)
    {
        _hash.AppendData([complete ? (byte)1 : (byte)0, wholeSite ? (byte)1 : (byte)0]);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var place in places)
        {
            var bytes = Encoding.UTF8.GetBytes(place);
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)bytes.Length);
            _hash.AppendData(length);
            _hash.AppendData(bytes);
        }
    }

    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
