using Grpc.Core;

namespace Kalisecu.Hosting;

/// <summary>
/// Lets a handler that is cancelled out of a write that waits for its reader. gRPC would reset the stream, and the caller
/// would never hear why it ended: what is on its way stays so, and the reason follows it.
/// </summary>
internal sealed class UncutWriter<T>(IServerStreamWriter<T> responses) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => responses.WriteOptions;
        set => responses.WriteOptions = value;
    }

    public Task WriteAsync(T message) => responses.WriteAsync(message);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // The message is in the stream's own buffers when the call returns; only their way out is waited for.
        return responses.WriteAsync(message, CancellationToken.None).WaitAsync(cancellationToken);
    }
}
