using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Policies;

internal sealed class PolicyService(
    Calls calls,
    PolicyProto proto,
    PolicyVersions versions,
    PublishPolicy publishPolicy
) : V1.PolicyService.PolicyServiceBase
{
    public override Task<V1.CreatePolicyVersionResponse> CreatePolicyVersion(
        V1.CreatePolicyVersionRequest request,
        ServerCallContext context
    )
    {
        var draft = proto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var actor = Caller.Of(context).Actor;
                var version = await versions.CreateAsync(db, draft, actor, context.CancellationToken);
                return new V1.CreatePolicyVersionResponse { Version = PolicyProto.Write(version) };
            }
        );
    }

    public override Task<V1.UpdatePolicyVersionResponse> UpdatePolicyVersion(
        V1.UpdatePolicyVersionRequest request,
        ServerCallContext context
    )
    {
        var change = proto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var version = await PolicyVersions.LockAsync(db, request.Number, context.CancellationToken);
                Etag.Require(request.Etag, version.Version, "policy version");
                version.Change(change(version.Draft));
                await db.SaveChangesAsync(context.CancellationToken);
                return new V1.UpdatePolicyVersionResponse { Version = PolicyProto.Write(version) };
            }
        );
    }

    public override Task<V1.DiscardPolicyVersionResponse> DiscardPolicyVersion(
        V1.DiscardPolicyVersionRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var actor = Caller.Of(context).Actor;
                var version = await versions.DiscardAsync(db, request.Number, actor, context.CancellationToken);
                return new V1.DiscardPolicyVersionResponse { Version = PolicyProto.Write(version) };
            }
        );

    public override Task<V1.PublishPolicyVersionResponse> PublishPolicyVersion(
        V1.PublishPolicyVersionRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var version = await publishPolicy.RunAsync(
                    db,
                    request.Number,
                    request.Etag,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.PublishPolicyVersionResponse { Version = PolicyProto.Write(version) };
            }
        );

    public override Task<V1.GetCurrentPolicyResponse> GetCurrentPolicy(
        V1.GetCurrentPolicyRequest request,
        ServerCallContext context
    )
    {
        var language = PolicyProto.ReadLanguage(request.Language);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var version = await versions.CurrentAsync(db, context.CancellationToken);
                return new V1.GetCurrentPolicyResponse
                {
                    Version = PolicyProto.Write(version),
                    Text = PolicyProto.WriteText(version, language),
                };
            }
        );
    }

    public override Task<V1.GetPolicyVersionResponse> GetPolicyVersion(
        V1.GetPolicyVersionRequest request,
        ServerCallContext context
    )
    {
        var language = PolicyProto.ReadLanguage(request.Language);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var version = await PolicyVersions.FindPublishedAsync(db, request.Number, context.CancellationToken);
                return new V1.GetPolicyVersionResponse
                {
                    Version = PolicyProto.Write(version),
                    Text = PolicyProto.WriteText(version, language),
                };
            }
        );
    }

    public override Task<V1.GetPolicyDraftResponse> GetPolicyDraft(
        V1.GetPolicyDraftRequest request,
        ServerCallContext context
    )
    {
        var language = PolicyProto.ReadLanguage(request.Language);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var number = (long)request.Number;
                var version =
                    await db.Set<PolicyVersion>()
                        .AsNoTracking()
                        .SingleOrDefaultAsync(v => v.Number == number, context.CancellationToken)
                    ?? throw PolicyErrors.Absent(number);
                version.RequireDraft();
                return new V1.GetPolicyDraftResponse
                {
                    Version = PolicyProto.Write(version),
                    Text = PolicyProto.WriteText(version, language),
                };
            }
        );
    }

    public override async Task<V1.ListPolicyVersionsResponse> ListPolicyVersions(
        V1.ListPolicyVersionsRequest request,
        ServerCallContext context
    )
    {
        var filter = new V1.ListPolicyVersionsRequest();
        var page = ReadPage(request.PageSize, request.PageToken, filter);
        var (rows, next) = await ListAsync(context, page, PolicyState.Published);
        return new V1.ListPolicyVersionsResponse
        {
            Versions = { rows.Select(PolicyProto.Write) },
            NextPageToken = next,
        };
    }

    public override async Task<V1.ListPolicyDraftsResponse> ListPolicyDrafts(
        V1.ListPolicyDraftsRequest request,
        ServerCallContext context
    )
    {
        var filter = new V1.ListPolicyDraftsRequest();
        var page = ReadPage(request.PageSize, request.PageToken, filter);
        var (rows, next) = await ListAsync(context, page, PolicyState.Draft);
        return new V1.ListPolicyDraftsResponse { Versions = { rows.Select(PolicyProto.Write) }, NextPageToken = next };
    }

    public override Task<V1.DiffPolicyVersionsResponse> DiffPolicyVersions(
        V1.DiffPolicyVersionsRequest request,
        ServerCallContext context
    )
    {
        var language = PolicyProto.ReadLanguage(request.Language);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var cancel = context.CancellationToken;
                var older = await PolicyVersions.FindPublishedAsync(db, request.FromNumber, cancel);
                var newer = await PolicyVersions.FindPublishedAsync(db, request.ToNumber, cancel);
                return new V1.DiffPolicyVersionsResponse
                {
                    Lines = { PolicyDiff.Of(older.Text(language), newer.Text(language)) },
                };
            }
        );
    }

    public override Task<V1.ListPolicyNoticesResponse> ListPolicyNotices(
        V1.ListPolicyNoticesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var filter = new V1.ListPolicyNoticesRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            db => ListNotices.RunAsync(db, request.Number, page, context.CancellationToken)
        );
    }

    private static PageRequest ReadPage(int size, string token, Google.Protobuf.IMessage filter)
    {
        var violations = new Violations();
        var page = PageRequest.Read(size, token, 1, filter, violations);
        violations.ThrowIfAny();
        return page;
    }

    private Task<(IReadOnlyList<PolicyVersion> Rows, string Next)> ListAsync(
        ServerCallContext context,
        PageRequest page,
        PolicyState state
    ) =>
        calls.ReadAsync(
            context,
            async db =>
            {
                var before = page.After is { } after ? PageKeys.Number(after[0]) : int.MaxValue;
                var rows = await db.Set<PolicyVersion>()
                    .AsNoTracking()
                    .Where(v => v.State == state && v.Number < before)
                    .OrderByDescending(v => v.Number)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var next = PageKeys.Next(page, rows, v => [v.Number.ToString(CultureInfo.InvariantCulture)]);
                return ((IReadOnlyList<PolicyVersion>)[.. rows.Take(page.Size)], next);
            }
        );
}
