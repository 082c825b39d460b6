using Grpc.Core;
using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>Calls in the caller's tenant, or platform-wide where the call has none.</summary>
internal sealed class Calls(TenantDatabase database, AllTenants allTenants, RequestReceipts receipts)
    : ScopedCalls(receipts)
{
    public override Task<T> ReadAsync<T>(ServerCallContext context, Func<KalisecuDb, Task<T>> read) =>
        Caller.Of(context).TenantId is { } tenant
            ? database.InTenantAsync(tenant, read, context.CancellationToken)
            : allTenants.RunAsync(read, context.CancellationToken);
}
