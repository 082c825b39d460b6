using Google.Protobuf;
using Grpc.Core;

namespace Kalisecu.Reports;

/// <summary>A file on its way to the caller, in pieces; flow control holds whoever makes them.</summary>
internal sealed class ReportDownload(
    IServerStreamWriter<V1.ExportReportResponse> writer,
    string contentType,
    string fileName
)
{
    // Contract of ExportReport.
    private const int MaximumChunk = 65_536;

    private bool _isStarted;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, MaximumChunk);

            // Written out when the call returns, so nobody changes the bytes under it.
            var message = new V1.ExportReportResponse { Chunk = UnsafeByteOperations.UnsafeWrap(bytes[..length]) };
            if (!_isStarted)
            {
                message.ContentType = contentType;
                message.FileName = fileName;
                _isStarted = true;
            }

            await writer.WriteAsync(message, cancellationToken);
            bytes = bytes[length..];
        }
    }
}
