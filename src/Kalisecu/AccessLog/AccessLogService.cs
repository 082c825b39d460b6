using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.AccessLog;

internal sealed class AccessLogService(Calls calls, AccessLogVerification verification)
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

        var (entries, next) = await calls.ReadAsync(
            context,
            db => ListAccess.RunAsync(db, query, page, context.CancellationToken)
        );
        return new V1.ListAllAccessEntriesResponse
        {
            Entries = { entries.Select(AccessEntryProto.Write) },
            NextPageToken = next,
        };
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
