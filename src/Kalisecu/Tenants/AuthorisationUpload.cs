using Grpc.Core;
using Kalisecu.Objects;

namespace Kalisecu.Tenants;

/// <summary>The upload of a signed document: one header, then chunks of the PDF.</summary>
internal sealed class AuthorisationUpload(IAsyncStreamReader<V1.CreateAuthorisationRequest> stream)
{
    private const int MaximumChunk = 64 * 1024;

    // The contract's 20 MiB: many times a scanned agreement.
    public const long MaximumBytes = 20 * 1024 * 1024;

    public async Task<V1.AuthorisationHeader> ReadHeaderAsync(CancellationToken cancellationToken) =>
        await stream.MoveNext(cancellationToken) && stream.Current.Header is { } header
            ? header
            : throw AuthorisationErrors.UploadOutOfOrder();

    /// <summary>Copies the document; refuses DOCUMENT_NOT_PDF at its end.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        var shape = new PdfShape();
        while (await stream.MoveNext(cancellationToken))
        {
            if (
                stream.Current.MessageCase != V1.CreateAuthorisationRequest.MessageOneofCase.Chunk
                || stream.Current.Chunk.Length is 0 or > MaximumChunk
            )
            {
                throw AuthorisationErrors.UploadOutOfOrder();
            }

            shape.Add(stream.Current.Chunk.Span);
            await destination.WriteAsync(stream.Current.Chunk.Memory, cancellationToken);
        }

        if (!shape.IsPdf)
        {
            throw ObjectErrors.NotPdf();
        }
    }
}
