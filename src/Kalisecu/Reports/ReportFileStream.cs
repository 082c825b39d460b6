using Google.Protobuf;
using Grpc.Core;

namespace Kalisecu.Reports;

/// <summary>A stream whose bytes leave as pieces of a file; flow control holds whoever writes into it.</summary>
internal sealed class ReportFileStream(
    IServerStreamWriter<V1.ExportReportResponse> writer,
    string contentType,
    string fileName
) : Stream
{
    // Contract of ExportReport.
    private const int MaximumChunk = 65_536;

    private bool _started;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (!buffer.IsEmpty)
        {
            var length = Math.Min(buffer.Length, MaximumChunk);

            // gRPC has written the bytes out when the call ends, so nobody changes them under it.
            var message = new V1.ExportReportResponse { Chunk = UnsafeByteOperations.UnsafeWrap(buffer[..length]) };
            if (!_started)
            {
                message.ContentType = contentType;
                message.FileName = fileName;
                _started = true;
            }

            await writer.WriteAsync(message, cancellationToken);
            buffer = buffer[length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
