using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;

namespace Kalisecu.Rights;

/// <summary>
/// What the RPCs of rights stand on: the transaction of the caller's tenant that sees restricted rows too, and changes that
/// take effect once.
/// </summary>
internal sealed class RightsCalls(RestrictedRows rows, RequestReceipts receipts)
{
    public Task<T> ReadAsync<T>(ServerCallContext context, Func<KalisecuDb, Task<T>> read) =>
        rows.InTenantAsync(Caller.Of(context).Tenant, read, context.CancellationToken);

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

    /// <summary>The person of the call's tenant, for whom this request is answered.</summary>
    public static async Task<RightsCase> CaseAsync(
        KalisecuDb db,
        ServerCallContext context,
        Guid privacyRequestId,
        Guid personId
    )
    {
        var person =
            await PersonDirectory.FindAsync(db, personId, context.CancellationToken)
            ?? throw GeneralErrors.NotFound("person", personId);
        return new RightsCase(privacyRequestId, person, Caller.Of(context).Actor);
    }
}
