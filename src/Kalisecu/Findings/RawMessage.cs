using System.Buffers;
using Grpc.Core;

namespace Kalisecu.Findings;

/// <summary>
/// The bytes of one response message, made without objects. One instance serves a whole stream: gRPC has taken the bytes over
/// when a write has ended.
/// </summary>
internal sealed class RawMessage
{
    public ReadOnlyMemory<byte> Bytes { get; set; }

    public static Marshaller<RawMessage> Marshaller { get; } =
        Marshallers.Create<RawMessage>(
            static (message, context) =>
            {
                context.SetPayloadLength(message.Bytes.Length);
                context.GetBufferWriter().Write(message.Bytes.Span);
                context.Complete();
            },
            static (DeserializationContext _) => throw new NotSupportedException("Raw messages are only written.")
        );
}
