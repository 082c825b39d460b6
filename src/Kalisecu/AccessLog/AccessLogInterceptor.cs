using Grpc.Core;
using Grpc.Core.Interceptors;
using Kalisecu.Access;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>
/// No answer leaves before its entry is durable: not a response, not the first message of a stream, not a refusal. It stands
/// outside of the identification of callers, so that those who are refused there leave an entry too.
/// </summary>
internal sealed class AccessLogInterceptor(AccessRules rules, AccessLogWriter writer, IClock clock) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    ) =>
        rules.For(context.Method).IsLogged
            ? AnswerAsync(request, context, continuation)
            : continuation(request, context);

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (!rules.For(context.Method).IsLogged)
        {
            return await continuation(requestStream, context);
        }

        var call = new AccessedCall(context, clock);
        return await LogAsync(call, () => continuation(new LoggedReader<TRequest>(requestStream, call), context));
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (!rules.For(context.Method).IsLogged)
        {
            await continuation(request, responseStream, context);
            return;
        }

        var call = new AccessedCall(context, clock) { Request = request };
        var responses = new LoggedWriter<TResponse>(responseStream, call, writer);
        await LogAsync(call, responses, () => continuation(request, responses, context));
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (!rules.For(context.Method).IsLogged)
        {
            await continuation(requestStream, responseStream, context);
            return;
        }

        var call = new AccessedCall(context, clock);
        var requests = new LoggedReader<TRequest>(requestStream, call);
        var responses = new LoggedWriter<TResponse>(responseStream, call, writer);
        await LogAsync(call, responses, () => continuation(requests, responses, context));
    }

    private Task<TResponse> AnswerAsync<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
        where TRequest : class
        where TResponse : class =>
        LogAsync(new AccessedCall(context, clock) { Request = request }, () => continuation(request, context));

    private async Task<T> LogAsync<T>(AccessedCall call, Func<Task<T>> run)
    {
        T answer;
        try
        {
            answer = await run();
        }
        catch (Exception exception)
        {
            await writer.AppendAsync(call.Ended(exception));
            throw;
        }

        await writer.AppendAsync(call.Allowed());
        return answer;
    }

    private async Task LogAsync<T>(AccessedCall call, LoggedWriter<T> responses, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception exception)
        {
            await writer.AppendAsync(call.Ended(exception));
            throw;
        }

        // A stream without any message is an answer too.
        await responses.LogOnceAsync();
    }
}
