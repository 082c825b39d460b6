using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

internal sealed class AccountService(Calls calls, ManageStaff staff, InviteStaff invite, StaffAccountProto proto)
    : V1.AccountService.AccountServiceBase
{
    public override Task<V1.CreateStaffResponse> CreateStaff(V1.CreateStaffRequest request, ServerCallContext context)
    {
        var draft = StaffAccountProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            db => invite.CreateAsync(db, draft, Caller.Of(context), context.CancellationToken)
        );
    }

    public override Task<V1.GetStaffResponse> GetStaff(V1.GetStaffRequest request, ServerCallContext context)
    {
        var id = StaffAccountProto.ReadId(request.AccountId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var found = await WriteAsync(
                    db,
                    db.Set<StaffAccount>().Where(a => a.AccountId == id),
                    context.CancellationToken
                );
                return found is [var account]
                    ? new V1.GetStaffResponse { Account = account }
                    : throw GeneralErrors.NotFound("staff account", id);
            }
        );
    }

    public override Task<V1.ListStaffResponse> ListStaff(V1.ListStaffRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var states = StaffAccountProto.ReadStates(request.States, violations);
        var filter = new V1.ListStaffRequest { States = { request.States } };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(context, db => ListAsync(db, states, page, context.CancellationToken));
    }

    public override Task<V1.UpdateStaffResponse> UpdateStaff(V1.UpdateStaffRequest request, ServerCallContext context)
    {
        var change = StaffAccountProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.UpdateStaffResponse
            {
                Account = await staff.UpdateAsync(db, change, Caller.Of(context), context.CancellationToken),
            }
        );
    }

    public override Task<V1.SuspendStaffResponse> SuspendStaff(
        V1.SuspendStaffRequest request,
        ServerCallContext context
    )
    {
        var (id, reason) = StaffAccountProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.SuspendStaffResponse
            {
                Account = await staff.SuspendAsync(db, id, reason, Caller.Of(context), context.CancellationToken),
            }
        );
    }

    public override Task<V1.ReinstateStaffResponse> ReinstateStaff(
        V1.ReinstateStaffRequest request,
        ServerCallContext context
    )
    {
        var id = StaffAccountProto.ReadId(request.AccountId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.ReinstateStaffResponse
            {
                Account = await staff.ReinstateAsync(db, id, Caller.Of(context), context.CancellationToken),
            }
        );
    }

    public override Task<V1.ResetStaffCredentialsResponse> ResetStaffCredentials(
        V1.ResetStaffCredentialsRequest request,
        ServerCallContext context
    )
    {
        var id = StaffAccountProto.ReadId(request.AccountId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            db => invite.ResetAsync(db, id, Caller.Of(context), context.CancellationToken)
        );
    }

    private async Task<V1.ListStaffResponse> ListAsync(
        KalisecuDb db,
        IReadOnlyList<StaffState> states,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var accounts = db.Set<StaffAccount>().AsQueryable();
        if (states.Count > 0)
        {
            accounts = accounts.Where(a => states.Contains(a.State));
        }

        if (page.After is [var last])
        {
            // Identifiers are UUIDv7: their order is that of create_time.
            var after = PageKeys.Id(last);
            accounts = accounts.Where(a => a.AccountId.CompareTo(after) > 0);
        }

        var found = await WriteAsync(db, accounts.OrderBy(a => a.AccountId).Take(page.Size + 1), cancellationToken);
        return new V1.ListStaffResponse
        {
            Accounts = { found.Take(page.Size) },
            NextPageToken = PageKeys.Next(page, found, r => [r.AccountId]),
        };
    }

    private async Task<List<V1.StaffAccount>> WriteAsync(
        KalisecuDb db,
        IQueryable<StaffAccount> query,
        CancellationToken cancellationToken
    )
    {
        var accounts = await query.ToListAsync(cancellationToken);
        var ids = accounts.ConvertAll(a => a.AccountId);
        var facts = await Credentials.FactsAsync(db, TenantScope.Platform, ids, cancellationToken);
        return accounts.ConvertAll(a =>
            proto.Write(a, facts.GetValueOrDefault(a.AccountId), StaffAccounts.VersionOf(db, a))
        );
    }
}
