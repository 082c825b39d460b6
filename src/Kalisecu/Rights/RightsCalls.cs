using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;

namespace Kalisecu.Rights;

/// <summary>Calls in the caller's tenant that see restricted rows too: carrying out rights is what they are kept for.</summary>
internal sealed class RightsCalls(RestrictedRows rows, RequestReceipts receipts) : ScopedCalls(receipts)
{
    public override Task<T> ReadAsync<T>(ServerCallContext context, Func<KalisecuDb, Task<T>> read) =>
        rows.InTenantAsync(Caller.Of(context).Tenant, read, context.CancellationToken);

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
