using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Kalisecu.Access;

namespace Kalisecu.Findings;

/// <summary>One message of a push; occurrences stay bytes.</summary>
internal sealed record PushMessage(V1.PushScanRequest? Request, OccurrenceFrame? Occurrences)
    : ICarriesMessage,
        IDisposable
{
    public IMessage? Message => Request;

    /// <summary>What the oneof holds; none when the bytes were no message of the contract.</summary>
    public V1.PushScanRequest.MessageOneofCase Kind =>
        Occurrences is null
            ? Request?.MessageCase ?? V1.PushScanRequest.MessageOneofCase.None
            : V1.PushScanRequest.MessageOneofCase.Occurrences;

    public void Dispose() => Occurrences?.Dispose();
}

/// <summary>
/// Binds <c>PushScan</c> by hand, as generated code would, with a marshaller of our own: half of a push's work would be to
/// make objects of occurrences that are copied on at once.
/// </summary>
internal static class PushContract
{
    private static readonly Method<PushMessage, V1.PushScanResponse> PushScanMethod = new(
        MethodType.DuplexStreaming,
        Descriptor.FullName,
        "PushScan",
        Marshallers.Create<PushMessage>(
            (_, _) => throw new NotSupportedException("The server sends no requests."),
            Read
        ),
        Marshallers.Create<V1.PushScanResponse>(
            Write,
            context => V1.PushScanResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())
        )
    );

    public static ServiceDescriptor Descriptor => V1.PushService.Descriptor;

    public static void BindService(ServiceBinderBase serviceBinder, PushServiceBase? serviceImpl) =>
        serviceBinder.AddMethod(
            PushScanMethod,
            serviceImpl is null
                ? null
                : new DuplexStreamingServerMethod<PushMessage, V1.PushScanResponse>(serviceImpl.PushScan)
        );

    private static PushMessage Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        if (!payload.IsEmpty && payload.FirstSpan is [OccurrenceFrame.Tag, ..])
        {
#pragma warning disable CA2000 // The lane that writes it, or the collector, gives its buffer back.
            return new PushMessage(null, OccurrenceFrame.Copy(payload));
#pragma warning restore CA2000
        }

        try
        {
            return new PushMessage(V1.PushScanRequest.Parser.ParseFrom(payload), null);
        }
        catch (InvalidProtocolBufferException)
        {
            return new PushMessage(null, null);
        }
    }

    private static void Write(V1.PushScanResponse response, SerializationContext context)
    {
        context.SetPayloadLength(response.CalculateSize());
        response.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    [BindServiceMethod(typeof(PushContract), nameof(BindService))]
    internal abstract class PushServiceBase
    {
        public abstract Task PushScan(
            IAsyncStreamReader<PushMessage> requestStream,
            IServerStreamWriter<V1.PushScanResponse> responseStream,
            ServerCallContext context
        );
    }
}
