using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>What came back: a status, our reason if there is one, and everything that was said.</summary>
internal sealed record Answer(StatusCode Status, string Reason, string Content)
{
    /// <summary>In place of a reason: no such method answers here at all.</summary>
    public const string NotThere = "not there";

    public override string ToString() => $"{Status} {Reason}".TrimEnd();
}

/// <summary>Calls any method of the contract by its descriptor, streams included, with one message.</summary>
internal static class RawCalls
{
    // A stream that says nothing for so long has let its caller in.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static b => b, static b => b);

    public static async Task<Answer> CallAsync(
        CallInvoker invoker,
        MethodDescriptor descriptor,
        IMessage request,
        Metadata headers
    )
    {
        while (true)
        {
            var answer = await CallOnceAsync(invoker, descriptor, request.ToByteArray(), headers);
            if (answer.Reason is not "LIMIT_EXCEEDED")
            {
                return answer;
            }

            // The limits hold for tests too: machines that enrol share twenty calls a second.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Answer> CallOnceAsync(
        CallInvoker invoker,
        MethodDescriptor descriptor,
        byte[] request,
        Metadata headers
    )
    {
        var method = new Method<byte[], byte[]>(
            Type(descriptor),
            descriptor.Service.FullName,
            descriptor.Name,
            Bytes,
            Bytes
        );
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        if (method.Type is not (MethodType.Unary or MethodType.ClientStreaming))
        {
            patience.CancelAfter(Patience);
        }

        try
        {
            var response = await ExchangeAsync(
                invoker,
                method,
                request,
                new CallOptions(headers, cancellationToken: patience.Token)
            );
            return new Answer(StatusCode.OK, "", Encoding.Latin1.GetString(response));
        }
        catch (RpcException refused)
            when (refused.StatusCode is StatusCode.Cancelled && patience.IsCancellationRequested)
        {
            return new Answer(StatusCode.OK, "", "");
        }
        catch (HttpIOException)
        {
            // A handshake that fails under an open stream reaches its reader as the transport's own failure.
            return new Answer(StatusCode.Unavailable, "", "");
        }
        catch (RpcException refused)
        {
            var info = refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>();
            var reason =
                info is { Domain: RefusalStatus.Domain } ? info.Reason
                : refused.StatusCode is StatusCode.Unimplemented ? Answer.NotThere
                : "";
            return new Answer(refused.StatusCode, reason, $"{refused.Status.Detail} {info}");
        }
    }

    private static async Task<byte[]> ExchangeAsync(
        CallInvoker invoker,
        Method<byte[], byte[]> method,
        byte[] request,
        CallOptions options
    )
    {
        switch (method.Type)
        {
            case MethodType.Unary:
                return await invoker.AsyncUnaryCall(method, null, options, request);
            case MethodType.ServerStreaming:
            {
                using var call = invoker.AsyncServerStreamingCall(method, null, options, request);
                return await ReadAllAsync(call.ResponseStream);
            }

            case MethodType.ClientStreaming:
            {
                using var call = invoker.AsyncClientStreamingCall(method, null, options);
                await SendAsync(call.RequestStream, request);
                return await call;
            }

            case MethodType.DuplexStreaming:
            {
                using var call = invoker.AsyncDuplexStreamingCall(method, null, options);
                await SendAsync(call.RequestStream, request);
                return await ReadAllAsync(call.ResponseStream);
            }

            default:
                throw new InvalidOperationException($"{method.FullName} is of no known type.");
        }
    }

    private static async Task SendAsync(IClientStreamWriter<byte[]> requests, byte[] request)
    {
        try
        {
            await requests.WriteAsync(request, TestContext.Current.CancellationToken);
            await requests.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or HttpIOException)
        {
            // Refused before it was read: the status comes with the answer.
        }
    }

    private static async Task<byte[]> ReadAllAsync(IAsyncStreamReader<byte[]> responses)
    {
        var all = new List<byte>();
        await foreach (var response in responses.ReadAllAsync())
        {
            all.AddRange(response);
        }

        return [.. all];
    }

    private static MethodType Type(MethodDescriptor method) =>
        (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (false, true) => MethodType.ServerStreaming,
            (true, false) => MethodType.ClientStreaming,
            (true, true) => MethodType.DuplexStreaming,
        };
}
