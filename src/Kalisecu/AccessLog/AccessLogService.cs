using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.AccessLog;

internal sealed class AccessLogService(Calls calls, RestrictedRows rows, AccessLogVerification verification)
    : V1.AccessLogService.AccessLogServiceBase
{
    public override async Task<V1.ListAccessEntriesResponse> ListAccessEntries(
        V1.ListAccessEntriesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var query = AccessEntryProto.Read(request.Filter, Caller.Of(context).Tenant, violations);
        var filter = new V1.ListAccessEntriesRequest { Filter = request.Filter };
        var page = PageRequest.Read(request.PageSize, request.PageToken, ListAccess.KeyCount, filter, violations);
        violations.ThrowIfAny();

        var (entries, next) = await calls.ReadAsync(
            context,
            db => ListAccess.RunAsync(db, query, page, context.CancellationToken)
        );
        return new V1.ListAccessEntriesResponse
        {
            Entries = { entries.Select(AccessEntryProto.Write) },
            NextPageToken = next,
        };
    }

    public override async Task<V1.ListAllAccessEntriesResponse> ListAllAccessEntries(
        V1.ListAllAccessEntriesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var tenant = Fields.OptionalId(request.TenantId, "tenant_id", violations);
        var query = AccessEntryProto.Read(request.Filter, tenant, violations);
        var filter = new V1.ListAllAccessEntriesRequest { Filter = request.Filter, TenantId = request.TenantId };
        var page = PageRequest.Read(request.PageSize, request.PageToken, ListAccess.KeyCount, filter, violations);
        violations.ThrowIfAny();

        // GDPR art. 18(2): the data-protection officer alone also sees what a restricted person did, to protect others.
        var isDpo = Caller.Of(context).Person?.Role is Role.StaffDpo;
        var (entries, next) = isDpo
            ? await rows.InAllTenantsAsync(ListAsync, context.CancellationToken)
            : await calls.ReadAsync(context, ListAsync);
        return new V1.ListAllAccessEntriesResponse
        {
            Entries = { entries.Select(AccessEntryProto.Write) },
            NextPageToken = next,
        };

        Task<(IReadOnlyList<AccessEntry> Entries, string NextPageToken)> ListAsync(KalisecuDb db) =>
            ListAccess.RunAsync(db, query, page, context.CancellationToken);
    }

    public override async Task<V1.VerifyAccessLogResponse> VerifyAccessLog(
        V1.VerifyAccessLogRequest request,
        ServerCallContext context
    )
    {
        var found = await verification.RunAsync(context.CancellationToken);
        return new V1.VerifyAccessLogResponse
        {
            WriterCount = (uint)found.WriterCount,
            EntryCount = (ulong)found.EntryCount,
            Breaks = { found.Breaks.Select(AccessEntryProto.Write) },
        };
    }
}
