using Grpc.Core;

namespace Kalisecu.PrivacyRequests;

/// <summary>The upload of an original: one header, then chunks of the document.</summary>
internal sealed class OriginalUpload(IAsyncStreamReader<V1.AttachRequestOriginalRequest> stream)
{
    private const int MaximumChunk = 64 * 1024;

    // The contract's 20 MiB: many times a scanned letter.
    public const long MaximumBytes = 20 * 1024 * 1024;

    /// <summary>What the document is, once all of it was copied.</summary>
    public string MediaType { get; private set; } = "";

    public async Task<V1.OriginalHeader> ReadHeaderAsync(CancellationToken cancellationToken) =>
        await stream.MoveNext(cancellationToken) && stream.Current.Header is { } header
            ? header
            : throw PrivacyRequestErrors.UploadOutOfOrder();

    /// <summary>Copies the document; refuses ORIGINAL_NOT_ACCEPTED at its end.</summary>
    public async Task CopyToAsync(Stream destination, string fileName, CancellationToken cancellationToken)
    {
        var shape = new OriginalShape();
        while (await stream.MoveNext(cancellationToken))
        {
            if (
                stream.Current.MessageCase != V1.AttachRequestOriginalRequest.MessageOneofCase.Chunk
                || stream.Current.Chunk.Length is 0 or > MaximumChunk
            )
            {
                throw PrivacyRequestErrors.UploadOutOfOrder();
            }

            shape.Add(stream.Current.Chunk.Span);
            await destination.WriteAsync(stream.Current.Chunk.Memory, cancellationToken);
        }

        MediaType = shape.TypeOf(fileName) ?? throw PrivacyRequestErrors.OriginalNotAccepted();
    }
}
