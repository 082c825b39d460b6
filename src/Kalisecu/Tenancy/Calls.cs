using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>What RPC methods stand on: the transaction in the caller's scope, and changes that take effect once.</summary>
internal sealed class Calls(TenantDatabase database, AllTenants allTenants, RequestReceipts receipts)
{
    /// <summary>Reads in the caller's tenant, or platform-wide where the call has none.</summary>
    public Task<T> ReadAsync<T>(ServerCallContext context, Func<KalisecuDb, Task<T>> read)
    {
        var caller = Caller.Of(context);
        return caller.TenantId is { } tenant
            ? database.InTenantAsync(tenant, read, context.CancellationToken)
            : allTenants.RunAsync(read, context.CancellationToken);
    }

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
