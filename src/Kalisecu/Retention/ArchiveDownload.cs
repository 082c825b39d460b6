using Google.Protobuf;
using Grpc.Core;

namespace Kalisecu.Retention;

/// <summary>The archive on its way to the caller, in pieces.</summary>
internal sealed class ArchiveDownload(IServerStreamWriter<V1.DownloadArchiveResponse> writer, string fileName)
{
    // Contract of DownloadArchive.
    private const int MaximumChunk = 65_536;

    private bool _isStarted;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, MaximumChunk);
            var message = new V1.DownloadArchiveResponse { Chunk = ByteString.CopyFrom(bytes[..length].Span) };
            if (!_isStarted)
            {
                message.FileName = fileName;
                _isStarted = true;
            }

            await writer.WriteAsync(message, cancellationToken);
            bytes = bytes[length..];
        }
    }
}
