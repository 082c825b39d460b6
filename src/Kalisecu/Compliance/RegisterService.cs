using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

internal sealed class RegisterService(
    Calls calls,
    Processors processors,
    RegisterExport export,
    ObjectFolder objects,
    IClock clock
) : V1.RegisterService.RegisterServiceBase
{
    public override Task<V1.ListProcessorsResponse> ListProcessors(
        V1.ListProcessorsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, new V1.ListProcessorsRequest(), violations);
        violations.ThrowIfAny();
        var after = page.After?[0] ?? "";
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await db.Set<Processor>()
                    .AsNoTracking()
                    .Where(p => p.EndTime == null && p.Name.CompareTo(after) > 0)
                    .OrderBy(p => p.Name)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListProcessorsResponse
                {
                    Processors = { rows.Take(page.Size).Select(ProcessorProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => [r.Name]),
                };
            }
        );
    }

    public override Task<V1.ListProcessorVersionsResponse> ListProcessorVersions(
        V1.ListProcessorVersionsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var filter = new V1.ListProcessorVersionsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        var before = page.After is null ? int.MaxValue : PageKeys.Number(page.After[0]);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await db.Set<Processor>()
                    .AsNoTracking()
                    .Where(p => p.Name == request.Name && p.Version < before)
                    .OrderByDescending(p => p.Version)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListProcessorVersionsResponse
                {
                    Processors = { rows.Take(page.Size).Select(ProcessorProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => [r.Version.ToString(CultureInfo.InvariantCulture)]),
                };
            }
        );
    }

    public override Task<V1.SetProcessorResponse> SetProcessor(
        V1.SetProcessorRequest request,
        ServerCallContext context
    )
    {
        var draft = ProcessorProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var set = await processors.SetAsync(
                    db,
                    draft,
                    request.ExpectedVersion,
                    Caller.Of(context).Actor,
                    context.CancellationToken
                );
                return new V1.SetProcessorResponse { Processor = ProcessorProto.Write(set) };
            }
        );
    }

    public override Task<V1.EndProcessorResponse> EndProcessor(
        V1.EndProcessorRequest request,
        ServerCallContext context
    )
    {
        var reason = ProcessorProto.ReadReason(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var actor = Caller.Of(context).Actor;
                var ended = await processors.EndAsync(db, request.Name, reason, actor, context.CancellationToken);
                return new V1.EndProcessorResponse { Processor = ProcessorProto.Write(ended) };
            }
        );
    }

    public override async Task<V1.RecordProcessorAgreementResponse> RecordProcessorAgreement(
        IAsyncStreamReader<V1.RecordProcessorAgreementRequest> requestStream,
        ServerCallContext context
    )
    {
        var cancel = context.CancellationToken;
        var upload = new AgreementUpload(requestStream);
        var header = await upload.ReadHeaderAsync(cancel);
        var date = ProcessorProto.ReadAgreementDate(header, Paris.DateOf(clock.GetCurrentInstant()));

        // Before anybody sends 20 MB in vain; asked again when the row is written.
        await calls.ReadAsync(context, db => Processors.FindAsync(db, header.Name, cancel));
        await using var document = await objects.PrepareAsync(
            TenantScope.Platform,
            destination => upload.CopyToAsync(destination, cancel),
            AgreementUpload.MaximumBytes,
            cancel
        );
        var actor = Caller.Of(context).Actor;
        return await calls.ChangeAsync(
            context,
            Repeatable(header, document.Object),
            header.RequestId,
            async db =>
            {
                var signed = await processors.RecordAgreementAsync(db, header.Name, date, document, actor, cancel);
                return new V1.RecordProcessorAgreementResponse { Processor = ProcessorProto.Write(signed) };
            }
        );
    }

    public override async Task DownloadProcessorAgreement(
        V1.DownloadProcessorAgreementRequest request,
        IServerStreamWriter<V1.DownloadProcessorAgreementResponse> responseStream,
        ServerCallContext context
    )
    {
        var cancel = context.CancellationToken;
        var found = await calls.ReadAsync(context, db => Processors.FindAsync(db, request.Name, cancel));
        var name = found.AgreementObject ?? throw ComplianceErrors.ProcessorAbsent(request.Name);
        await using var chunks = new ChunkStream(bytes =>
            responseStream.WriteAsync(
                new V1.DownloadProcessorAgreementResponse { Chunk = ByteString.CopyFrom(bytes.Span) },
                cancel
            )
        );
        await objects.ReadAsync(TenantScope.Platform, name, chunks, cancel);
    }

    public override Task<V1.ExportRegisterResponse> ExportRegister(
        V1.ExportRegisterRequest request,
        ServerCallContext context
    )
    {
        var wanted = RegisterProto.Read(request);
        return calls.ReadAsync(
            context,
            async db => RegisterProto.Write(await export.WriteAsync(db, wanted, context.CancellationToken))
        );
    }

    /// <summary>What a repeat must be equal to: the header, and the digest in place of the document.</summary>
    private static BytesValue Repeatable(V1.AgreementHeader header, StoredObject document) =>
        new() { Value = ByteString.CopyFrom([.. header.ToByteArray(), .. document.Digest]) };
}
