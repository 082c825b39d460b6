using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>What RPC methods stand on: a transaction in the caller's scope, and changes that take effect once.</summary>
internal abstract class ScopedCalls(RequestReceipts receipts)
{
    /// <summary>Reads in the caller's scope.</summary>
    public abstract Task<T> ReadAsync<T>(ServerCallContext context, Func<KalisecuDb, Task<T>> read);

    /// <summary>
    /// Changes in the caller's scope. A repeat with the same request_id gives the first answer again and changes nothing;
    /// the receipt is written in the same transaction as the change.
    /// </summary>
    public Task<TResponse> ChangeAsync<TResponse>(
        ServerCallContext context,
        IMessage request,
        string requestId,
        Func<KalisecuDb, Task<TResponse>> change
    )
        where TResponse : IMessage<TResponse>, new()
    {
        var caller = Caller.Of(context);
        return ReadAsync(
            context,
            db =>
                receipts.OnceAsync(
                    db,
                    caller,
                    context.Method,
                    request,
                    requestId,
                    () => change(db),
                    context.CancellationToken
                )
        );
    }
}
