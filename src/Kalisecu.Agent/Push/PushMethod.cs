using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Push;

/// <summary>What is sent: a message, or bodies as they lie on disk.</summary>
internal sealed record PushOut(PushScanRequest? Message, ulong Sequence, ReadOnlyMemory<byte> Bodies)
{
    public static implicit operator PushOut(PushScanRequest message) => FromPushScanRequest(message);

    public static PushOut FromPushScanRequest(PushScanRequest message) => new(message, 0, default);
}

/// <summary><c>PushScan</c> with a marshaller that sends spooled bodies without making objects of them.</summary>
internal static class PushMethod
{
    private const uint OccurrencesTag = (4 << 3) | 2;
    private const uint SequenceTag = 1 << 3;

    public static readonly Method<PushOut, PushScanResponse> PushScan = new(
        MethodType.DuplexStreaming,
        PushService.Descriptor.FullName,
        "PushScan",
        Marshallers.Create<PushOut>(Write, _ => throw new NotSupportedException("The agent reads no requests.")),
        Marshallers.Create<PushScanResponse>(
            (_, _) => throw new NotSupportedException("The agent sends no responses."),
            context => PushScanResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())
        )
    );

    private static void Write(PushOut sent, SerializationContext context)
    {
        if (sent.Message is { } message)
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
            return;
        }

        var inner = 1 + CodedOutputStream.ComputeUInt64Size(sent.Sequence) + sent.Bodies.Length;
        context.SetPayloadLength(1 + CodedOutputStream.ComputeUInt32Size((uint)inner) + inner);
        var writer = context.GetBufferWriter();
        Span<byte> head = stackalloc byte[24];
        var length = 0;
        AppendVarint(head, ref length, OccurrencesTag);
        AppendVarint(head, ref length, (ulong)inner);
        AppendVarint(head, ref length, SequenceTag);
        AppendVarint(head, ref length, sent.Sequence);
        Copy(writer, head[..length]);
        Copy(writer, sent.Bodies.Span);
        context.Complete();
    }

    private static void Copy(System.Buffers.IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    private static void AppendVarint(Span<byte> bytes, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[at++] = (byte)((value & 0x7F) | 0x80);
        }

        bytes[at++] = (byte)value;
    }
}
