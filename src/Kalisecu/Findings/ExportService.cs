using Grpc.Core;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// <c>FindingService.ExportOccurrences</c>, bound by hand so that its responses are bytes instead of messages. gRPC for .NET
/// asks for the attribute and for a virtual method of the class that carries it.
/// </summary>
[BindServiceMethod(typeof(ExportBinding), nameof(ExportBinding.Bind))]
internal class ExportService(ExportOccurrences export, FindingReads reads)
{
    public virtual async Task ExportOccurrences(
        V1.ExportOccurrencesRequest request,
        IServerStreamWriter<RawMessage> responseStream,
        ServerCallContext context
    )
    {
        var siteId = FindingProto.ReadOptionalId(request.SiteId, "site_id");
        var tenant = Caller.Of(context).Tenant;
        if (siteId is { } site)
        {
            await reads.DemandSiteAsync(tenant, site, context.CancellationToken);
        }

        var query = new ExportQuery(tenant, siteId, request.OpenOnly);
        await export.RunAsync(query, responseStream, context.CancellationToken);
    }
}

internal static class ExportBinding
{
    private static readonly Method<V1.ExportOccurrencesRequest, RawMessage> Method = new(
        MethodType.ServerStreaming,
        V1.FindingService.Descriptor.FullName,
        nameof(ExportService.ExportOccurrences),
        Marshallers.Create<V1.ExportOccurrencesRequest>(
            static (_, _) => throw new NotSupportedException("Requests are only read."),
            static (DeserializationContext context) =>
                V1.ExportOccurrencesRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence())
        ),
        RawMessage.Marshaller
    );

    public static void Bind(ServiceBinderBase binder, ExportService service) =>
        binder.AddMethod(
            Method,
            service is null
                ? null
                : new ServerStreamingServerMethod<V1.ExportOccurrencesRequest, RawMessage>(service.ExportOccurrences)
        );
}
