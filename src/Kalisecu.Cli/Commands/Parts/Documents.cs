using Google.Protobuf;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>Files to and from the server, in pieces.</summary>
internal static class Documents
{
    // The contract's largest chunk.
    private const int ChunkBytes = 65_536;

    public static async Task<Authorisation> UploadAsync(
        AuthorisationService.AuthorisationServiceClient client,
        AuthorisationHeader header,
        Stream document,
        CancellationToken cancellationToken
    )
    {
        using var call = client.CreateAuthorisation(cancellationToken: cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new CreateAuthorisationRequest { Header = header }, cancellationToken);
            var buffer = new byte[ChunkBytes];
            while (await document.ReadAtLeastAsync(buffer, ChunkBytes, false, cancellationToken) is > 0 and var count)
            {
                var chunk = ByteString.CopyFrom(buffer.AsSpan(0, count));
                await call.RequestStream.WriteAsync(
                    new CreateAuthorisationRequest { Chunk = chunk },
                    cancellationToken
                );
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (InvalidOperationException)
        {
            // The server ended the call before it had read all; its answer below says why.
        }

        return (await call).Authorisation;
    }

    /// <summary>Writes beside the file and renames it, so that a broken download leaves nothing that looks whole.</summary>
    public static async Task<long> SaveAsync(
        IAsyncEnumerable<ByteString> chunks,
        string file,
        CancellationToken cancellationToken
    )
    {
        var temporary = file + ".part";
        try
        {
            long length;
            await using (var stream = File.Create(temporary))
            {
                await foreach (var chunk in chunks.WithCancellation(cancellationToken))
                {
                    await stream.WriteAsync(chunk.Memory, cancellationToken);
                }

                length = stream.Length;
            }

            File.Move(temporary, file, overwrite: true);
            return length;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
