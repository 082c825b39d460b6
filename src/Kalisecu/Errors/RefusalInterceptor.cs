using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.Errors;

/// <summary>The one place that turns what was thrown into a gRPC status.</summary>
internal sealed class RefusalInterceptor(ILogger<RefusalInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    ) => AnswerAsync(() => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    ) => AnswerAsync(() => continuation(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    ) => AnswerAsync(() => continuation(request, responseStream, context), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    ) => AnswerAsync(() => continuation(requestStream, responseStream, context), context);

    private async Task AnswerAsync(Func<Task> call, ServerCallContext context) =>
        await AnswerAsync(
            async () =>
            {
                await call();
                return true;
            },
            context
        );

    private async Task<T> AnswerAsync<T>(Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case Refusal refusal:
                return RefusalStatus.Write(refusal).ToRpcException();
            case RpcException made:
                return made;
            case DbUpdateConcurrencyException:
            case PostgresException { SqlState: PostgresErrorCodes.SerializationFailure }:
                return RefusalStatus.Write(GeneralErrors.ChangedSinceRead("object")).ToRpcException();
            case OperationCanceledException
            or IOException
            // What a cancelled write to the database is wrapped in.
            or NpgsqlException { InnerException: OperationCanceledException }
                when context.CancellationToken.IsCancellationRequested:
                return context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime
                    ? Plain(StatusCode.DeadlineExceeded, "The deadline of the call has passed.")
                    : Plain(StatusCode.Cancelled, "The caller ended the call.");
            case NpgsqlException { IsTransient: true }:
            // The mapper's own tries came to nothing.
            case RetryLimitExceededException { InnerException: NpgsqlException { IsTransient: true } }:
                ErrorLog.DatabaseUnavailable(log, exception, context.Method);
                return RefusalStatus.Write(GeneralErrors.Unavailable()).ToRpcException();
            default:
                // The caller's own trace where one came with the call, so that it is found on both sides.
                var trace = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
                ErrorLog.Fault(log, exception, context.Method, trace);
                return RefusalStatus.Write(GeneralErrors.Internal(trace)).ToRpcException();
        }
    }

    private static RpcException Plain(StatusCode code, string message) =>
        new Google.Rpc.Status { Code = (int)code, Message = message }.ToRpcException();
}
