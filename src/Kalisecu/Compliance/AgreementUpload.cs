using Grpc.Core;
using Kalisecu.Objects;
using Kalisecu.Tenants;

namespace Kalisecu.Compliance;

/// <summary>The upload of a signed agreement: one header, then chunks of the PDF.</summary>
internal sealed class AgreementUpload(IAsyncStreamReader<V1.RecordProcessorAgreementRequest> stream)
{
    private const int MaximumChunk = 64 * 1024;

    // The contract's 20 MiB: many times a scanned agreement.
    public const long MaximumBytes = 20 * 1024 * 1024;

    public async Task<V1.AgreementHeader> ReadHeaderAsync(CancellationToken cancellationToken) =>
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
                stream.Current.MessageCase != V1.RecordProcessorAgreementRequest.MessageOneofCase.Chunk
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
