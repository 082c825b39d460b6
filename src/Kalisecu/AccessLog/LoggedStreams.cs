using Grpc.Core;
using Kalisecu.Access;

namespace Kalisecu.AccessLog;

/// <summary>Remembers the first message of a stream: it names what the stream is about.</summary>
internal sealed class LoggedReader<T>(IAsyncStreamReader<T> requests, AccessedCall call) : IAsyncStreamReader<T>
{
    public T Current => requests.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var moved = await requests.MoveNext(cancellationToken);
        if (moved)
        {
            call.Request ??= requests.Current is ICarriesMessage carrier ? carrier.Message : requests.Current;
        }

        return moved;
    }
}

/// <summary>Holds the first message of a stream back until the call's entry is durable.</summary>
internal sealed class LoggedWriter<T>(IServerStreamWriter<T> responses, AccessedCall call, AccessLogWriter writer)
    : IServerStreamWriter<T>
{
    private Task? _logged;

    public WriteOptions? WriteOptions
    {
        get => responses.WriteOptions;
        set => responses.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken) =>
        _logged is { IsCompletedSuccessfully: true }
            ? responses.WriteAsync(message, cancellationToken)
            : WriteFirstAsync(message, cancellationToken);

    public Task LogOnceAsync() => _logged ??= writer.AppendAsync(call.Allowed()).AsTask();

    private async Task WriteFirstAsync(T message, CancellationToken cancellationToken)
    {
        await LogOnceAsync();
        await responses.WriteAsync(message, cancellationToken);
    }
}
