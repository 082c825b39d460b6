using Grpc.Core;
using Kalisecu.Accounts;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenants;

internal sealed class MemberService(Calls calls, Members members, KeyRing keys) : V1.MemberService.MemberServiceBase
{
    public override Task<V1.InviteMemberResponse> InviteMember(
        V1.InviteMemberRequest request,
        ServerCallContext context
    )
    {
        var draft = MemberProto.Read(request);
        var caller = Caller.Of(context);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var made = await members.InviteAsync(db, draft, caller, context.CancellationToken);
                return new V1.InviteMemberResponse
                {
                    Member = await WriteAsync(db, made.Member, context.CancellationToken),
                    Invitation = Write(made.Invitation),
                };
            }
        );
    }

    public override Task<V1.GetMemberResponse> GetMember(V1.GetMemberRequest request, ServerCallContext context)
    {
        var id = MemberProto.ReadId(request.MemberId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var member = await Members.FindAsync(db, id, context.CancellationToken);
                return new V1.GetMemberResponse { Member = await WriteAsync(db, member, context.CancellationToken) };
            }
        );
    }

    public override Task<V1.ListMembersResponse> ListMembers(V1.ListMembersRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var states = MemberProto.ReadStates(request.States, violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        var tenantId = Caller.Of(context).Tenant;
        return calls.ReadAsync(
            context,
            async db =>
            {
                var query = db.Set<Member>().AsNoTracking().Where(m => m.TenantId == tenantId);
                query =
                    states.Count > 0
                        ? query.Where(m => states.Contains(m.State))
                        : query.Where(m => m.State != MemberState.Removed);
                if (page.After is { } after)
                {
                    var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    query = query.Where(m =>
                        EF.Functions.GreaterThan(
                            ValueTuple.Create(m.CreateTime, m.MemberId),
                            ValueTuple.Create(time, id)
                        )
                    );
                }

                var rows = await query
                    .OrderBy(m => m.CreateTime)
                    .ThenBy(m => m.MemberId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var shown = rows.Take(page.Size).ToList();
                var facts = await Credentials.FactsAsync(
                    db,
                    tenantId,
                    shown.ConvertAll(m => m.MemberId),
                    context.CancellationToken
                );
                var key = keys.For(tenantId);
                return new V1.ListMembersResponse
                {
                    Members = { shown.Select(m => MemberProto.Write(m, facts.GetValueOrDefault(m.MemberId), key)) },
                    NextPageToken = PageKeys.Next(page, rows, m => m.CreateTime, m => m.MemberId),
                };
            }
        );
    }

    public override Task<V1.UpdateMemberResponse> UpdateMember(
        V1.UpdateMemberRequest request,
        ServerCallContext context
    )
    {
        var (id, change) = MemberProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var member = await members.ChangeAsync(db, id, change, request.Etag, context.CancellationToken);
                return new V1.UpdateMemberResponse { Member = await WriteAsync(db, member, context.CancellationToken) };
            }
        );
    }

    public override Task<V1.RemoveMemberResponse> RemoveMember(
        V1.RemoveMemberRequest request,
        ServerCallContext context
    )
    {
        var id = MemberProto.ReadId(request.MemberId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var member = await members.RemoveAsync(db, id, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.RemoveMemberResponse { Member = await WriteAsync(db, member, context.CancellationToken) };
            }
        );
    }

    public override Task<V1.ReinviteMemberResponse> ReinviteMember(
        V1.ReinviteMemberRequest request,
        ServerCallContext context
    )
    {
        var id = MemberProto.ReadId(request.MemberId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var made = await members.InviteAgainAsync(db, id, Caller.Of(context), context.CancellationToken);
                return new V1.ReinviteMemberResponse
                {
                    Member = await WriteAsync(db, made.Member, context.CancellationToken),
                    Invitation = Write(made.Invitation),
                };
            }
        );
    }

    private static V1.MemberInvitation Write(SentInvitation invitation) =>
        new() { Token = invitation.Token, ExpireTime = Fields.Write(invitation.ExpireTime) };

    private async Task<V1.Member> WriteAsync(KalisecuDb db, Member member, CancellationToken cancellationToken)
    {
        var facts = await Credentials.FactsAsync(db, member.TenantId, [member.MemberId], cancellationToken);
        return MemberProto.Write(member, facts.GetValueOrDefault(member.MemberId), keys.For(member.TenantId));
    }
}
