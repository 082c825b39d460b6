using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

internal sealed class RetentionService(
    Calls calls,
    KeepingRules rules,
    PreviewRetention preview,
    RequestArchive archives,
    ReadArchive read,
    IClock clock
) : V1.RetentionService.RetentionServiceBase
{
    private const int MaximumClients = 1000;

    public override Task<V1.ListRetentionRulesResponse> ListRetentionRules(
        V1.ListRetentionRulesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var filter = new V1.ListRetentionRulesRequest();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        var after = page.After is [var last] ? last : "";
        var rows = rules.All.Where(r => string.CompareOrdinal(r.Name, after) > 0).Take(page.Size + 1).ToList();
        return Task.FromResult(
            new V1.ListRetentionRulesResponse
            {
                Rules = { rows.Take(page.Size).Select(RetentionProto.Write) },
                NextPageToken = PageKeys.Next(page, rows, r => [r.Name]),
            }
        );
    }

    public override async Task<V1.PreviewRetentionResponse> PreviewRetention(
        V1.PreviewRetentionRequest request,
        ServerCallContext context
    )
    {
        var moment = clock.GetCurrentInstant() + Duration.FromDays(RetentionProto.ReadDays(request.Days));
        var cancel = context.CancellationToken;
        var counted = await preview.CountAsync(moment, cancel);
        var before = rules.Of(KeepingAction.ForgetTenant).Single().Period.EndedBefore(moment);
        var clients = await calls.ReadAsync(
            context,
            db => ClientRetention.UntilAsync(db, before, MaximumClients, cancel)
        );
        return new V1.PreviewRetentionResponse
        {
            Outlooks = { counted.Where(c => c.Count > 0).Select(RetentionProto.Write) },
            UncountedRules = { counted.Where(c => c.Count is null).Select(c => c.Rule.Name) },
            Clients = { clients.Select(RetentionProto.Write) },
        };
    }

    public override Task<V1.ListRetentionSweepsResponse> ListRetentionSweeps(
        V1.ListRetentionSweepsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        violations.Check(request.Rule.Length <= 100, "rule", "must have 100 characters at most");
        var filter = new V1.ListRetentionSweepsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 4, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await SweepList
                    .Query(db, request.Rule, page.After)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListRetentionSweepsResponse
                {
                    Sweeps = { rows.Take(page.Size).Select(RetentionProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, SweepList.Keys),
                };
            }
        );
    }

    public override Task<V1.GetClientRetentionResponse> GetClientRetention(
        V1.GetClientRetentionRequest request,
        ServerCallContext context
    ) =>
        calls.ReadAsync(
            context,
            async db =>
            {
                var cancel = context.CancellationToken;
                var client = await ClientRetention.OfAsync(db, Caller.Of(context).Tenant, cancel);
                var written = RetentionProto.Write(client);
                (written.ReportCount, written.FindingCount) = await ClientCounts.OfAsync(db, cancel);
                return new V1.GetClientRetentionResponse { Retention = written };
            }
        );

    public override Task<V1.RequestArchiveResponse> RequestArchive(
        V1.RequestArchiveRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var archive = await archives.RunAsync(db, Caller.Of(context), context.CancellationToken);
                return new V1.RequestArchiveResponse { Archive = RetentionProto.Write(archive) };
            }
        );

    public override async Task DownloadArchive(
        V1.DownloadArchiveRequest request,
        IServerStreamWriter<V1.DownloadArchiveResponse> responseStream,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        var archive = await calls.ReadAsync(context, db => read.FindAsync(db, caller, context.CancellationToken));
        var download = new ArchiveDownload(responseStream, $"kalisecu-archive-{archive.ArchiveId:D}.jsonl.gz");
        await using var file = new Objects.ChunkStream(piece => download.SendAsync(piece, context.CancellationToken));
        await read.RunAsync(archive, file, context.CancellationToken);
    }
}
