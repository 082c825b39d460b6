using Google.Protobuf;
using Grpc.Core;
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
        await SendAsync(
            call.RequestStream,
            new CreateAuthorisationRequest { Header = header },
            chunk => new CreateAuthorisationRequest { Chunk = chunk },
            document,
            cancellationToken
        );
        return (await call).Authorisation;
    }

    /// <summary>Sends a header and then the document; what the server says of it is the answer of the call.</summary>
    public static async Task SendAsync<T>(
        IClientStreamWriter<T> stream,
        T header,
        Func<ByteString, T> chunk,
        Stream document,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await stream.WriteAsync(header, cancellationToken);
            var buffer = new byte[ChunkBytes];
            while (await document.ReadAtLeastAsync(buffer, ChunkBytes, false, cancellationToken) is > 0 and var count)
            {
                await stream.WriteAsync(chunk(ByteString.CopyFrom(buffer.AsSpan(0, count))), cancellationToken);
            }

            await stream.CompleteAsync();
        }
        catch (InvalidOperationException)
        {
            // The server ended the call before it had read all; its answer says why.
        }
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
