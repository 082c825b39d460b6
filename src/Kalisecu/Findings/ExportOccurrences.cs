using Grpc.Core;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>
/// Streams a tenant's occurrences out of one COPY. The client's flow control holds the reader, the reader holds PostgreSQL:
/// memory stays at one buffer each way however large the tenant is.
/// </summary>
internal sealed class ExportOccurrences(TenantDatabase database)
{
    // Some hundred rows fill a message of this size; the contract allows 2,000, which short places would reach.
    private const int MaximumRows = 1000;
    private const int MessageBytes = 64 * 1024;

    private const int InputBytes = 64 * 1024;

    public async Task RunAsync(
        ExportQuery query,
        IServerStreamWriter<RawMessage> writer,
        CancellationToken cancellationToken
    )
    {
        await using var tenant = await database.OpenAsync(query.TenantId, cancellationToken);
        await using var copy = await tenant.Connection.BeginRawBinaryCopyAsync(query.ToCopy(), cancellationToken);
        var transcoder = new OccurrenceTranscoder();
        await PumpAsync(copy, transcoder, writer, cancellationToken);
    }

    private static async Task PumpAsync(
        NpgsqlRawCopyStream copy,
        OccurrenceTranscoder transcoder,
        IServerStreamWriter<RawMessage> writer,
        CancellationToken cancellationToken
    )
    {
        var input = new byte[InputBytes];
        var held = 0;
        var message = new RawMessage();
        while (true)
        {
            var read = await copy.ReadAsync(input.AsMemory(held), cancellationToken);
            held += read;
            var used = transcoder.Take(input.AsSpan(0, held));
            input.AsSpan(used, held - used).CopyTo(input);
            held -= used;
            if (
                transcoder.Count >= MaximumRows
                || transcoder.Length >= MessageBytes
                || (read == 0 && transcoder.Count > 0)
            )
            {
                message.Bytes = transcoder.Message;
                await SendAsync(copy, writer, message, cancellationToken);
                transcoder.StartMessage();
            }

            if (read > 0)
            {
                continue;
            }

            // What ended early must not look like the whole.
            if (!transcoder.IsComplete)
            {
                throw new InvalidDataException("The rows of an export ended before PostgreSQL said so.");
            }

            return;
        }
    }

    private static async Task SendAsync(
        NpgsqlRawCopyStream copy,
        IServerStreamWriter<RawMessage> writer,
        RawMessage message,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await writer.WriteAsync(message, cancellationToken);
        }
        catch
        {
            // The caller is gone: without this the connection would first read the rest of the table.
            await copy.CancelAsync();
            throw;
        }
    }
}
