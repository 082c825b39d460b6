using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace Kalisecu.Findings;

/// <summary>
/// SHA-256 over all that a scan says, byte by byte as docs/push-protocol.md defines. The server makes it from what really
/// came: an equal digest lets the next scan be skipped, so an announced one is never believed.
/// </summary>
internal sealed class PushDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public PushDigest(ulong findingCount)
    {
        _hash.AppendData("kalisecu/push/1\0"u8);
        AddCount(findingCount);
    }

    public void AddCount(ulong count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, count);
        _hash.AppendData(bytes);
    }

    public void AddFinding(ReadOnlySpan<byte> findingId, IMessage body)
    {
        _hash.AppendData(findingId);
        AddBody(body);
    }

    public void AddOccurrences(ReadOnlySpan<byte> ids) => _hash.AppendData(ids);

    public void AddBody(IMessage body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body.ToByteArray(), digest);
        _hash.AppendData(digest);
    }

    public void AddCoverage(bool complete, bool wholeSite) =>
        _hash.AppendData([complete ? (byte)1 : (byte)0, wholeSite ? (byte)1 : (byte)0]);

    public void AddPlace(string place)
    {
        var bytes = Encoding.UTF8.GetBytes(place);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }

    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
